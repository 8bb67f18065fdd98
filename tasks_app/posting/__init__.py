"""Writing and publishing a task: drafts, their parts, photos, places, the public grid."""
