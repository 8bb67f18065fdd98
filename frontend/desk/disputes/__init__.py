"""The moderators pages about disputes and tasks to be taken down."""
