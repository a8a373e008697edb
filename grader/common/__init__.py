"""What the whole house needs and no part of it owns: atomic files, suggestions, the user's folders, plain types."""
