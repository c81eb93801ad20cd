import Foundation

/// A value that a trainer changes from step to step and every checkpoint keeps.
final class CheckpointedState<Value: Codable> {
    var value: Value

    init(_ value: Value) { self.value = value }

    var memory: StepMemory {
        StepMemory(
            save: { try StateCoding.data(of: self.value) },
            restore: { self.value = try StateCoding.value(Value.self, from: $0) })
    }
}

/// How a checkpoint's numbers are written: those that JSON does not know as words.
enum StateCoding {
    static func data(of value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(value)
    }

    static func value<Value: Decodable>(_: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(Value.self, from: data)
    }
}
