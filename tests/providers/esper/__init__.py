"""What is special about Esper."""
