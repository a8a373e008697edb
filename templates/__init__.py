"""What torchgrade writes files from; installed as the package ``grader.templates``.

``report/`` holds the pages' jinja2 templates and their one style sheet.
"""
