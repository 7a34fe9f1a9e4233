"""What detection learns from judged stories: worth, when to tell, what belongs together."""
