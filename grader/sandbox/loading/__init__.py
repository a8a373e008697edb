"""From a student's file to a module in the room: read, parse, run statement by statement, tell what failed."""
