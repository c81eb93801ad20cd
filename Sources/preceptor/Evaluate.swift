import ArgumentParser
struct Evaluate: ParsableCommand {}
struct Compare: ParsableCommand {}
struct Quickstart: ParsableCommand {}
struct Cases: ParsableCommand {}
