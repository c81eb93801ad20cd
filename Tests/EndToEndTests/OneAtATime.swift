import Testing

/// All tests that start the program: it takes all cores, and two at once take longer than one
/// after the other.
@Suite(.serialized)
enum OneAtATime {}
