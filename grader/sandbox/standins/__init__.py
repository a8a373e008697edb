"""What stands in the room for what a student's machine has and the grader's has not."""
