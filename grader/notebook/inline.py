"""A report's page in the output of a notebook's cell.

The page stands in a frame of its own, so that neither its styles nor the notebook's reach each other. The frame may not
run scripts; it shares the notebook's origin only so that the notebook can ask how tall the page is. Where that question
is not asked, the frame scrolls and can be dragged taller. Nothing here asks the network for anything.
"""

from __future__ import annotations

import html

# The themes of JupyterLab, VS Code and Colab; without one of them the system's setting counts.
_STYLE = """
iframe.torchgrade { display: block; width: 100%; height: 44rem; border: 0; border-radius: 6px; background: none;
  resize: vertical; overflow: auto; color-scheme: light dark; }
[data-jp-theme-light=true] iframe.torchgrade, .vscode-light iframe.torchgrade, [theme=light] iframe.torchgrade
  { color-scheme: light; }
[data-jp-theme-light=false] iframe.torchgrade, .vscode-dark iframe.torchgrade, [theme=dark] iframe.torchgrade
  { color-scheme: dark; }
"""
# A browser that hands no theme on to a frame shows the system's, on white: so the page's own rules are set.
_THEME = """
const themed = (light, dark) => document.querySelector(light) ? false : document.querySelector(dark) ? true : null;
const paint = () => {
  const dark = themed('[data-jp-theme-light=true], .vscode-light, [theme=light]',
    '[data-jp-theme-light=false], .vscode-dark, [theme=dark]');
  if (dark === null) return;
  page.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  for (const sheet of page.styleSheets) for (const rule of sheet.cssRules)
    if (rule.media && (rule.torchgrade || rule.media.mediaText.includes('prefers-color-scheme: dark'))) {
      rule.torchgrade = true; rule.media.mediaText = dark ? 'all' : 'not all';
    }
};
new MutationObserver(paint).observe(document.body, { attributes: true }); paint();
"""
# As tall as what it shows, now and after something in it was folded or the notebook has changed its width.
_FIT = """
const frame = this, page = frame.contentDocument;
const fit = () => { frame.style.height = page.body.scrollHeight + 'px'; };
new ResizeObserver(fit).observe(page.body); fit();
"""


def framed(page: str, title: str) -> str:
    """HTML that shows a whole page inside a cell's output."""
    attributes = {
        "class": "torchgrade",
        "title": title,
        "sandbox": "allow-same-origin",
        "srcdoc": page,
        "onload": " ".join(f"{_FIT}{_THEME}".split()),
    }
    written = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<style>{_STYLE}</style><iframe {written}></iframe>"
