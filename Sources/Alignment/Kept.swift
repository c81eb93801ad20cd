import Foundation

/// A value that a trainer changes from step to step and every checkpoint keeps.
final class Kept<Value: Codable> {
    var value: Value

    init(_ value: Value) { self.value = value }

    /// Numbers that JSON does not know are written as words.
    var memory: StepMemory {
        StepMemory(
            save: {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                encoder.nonConformingFloatEncodingStrategy = .convertToString(
                    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
                return try encoder.encode(self.value)
            },
            restore: { data in
                let decoder = JSONDecoder()
                decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
                self.value = try decoder.decode(Value.self, from: data)
            })
    }
}
