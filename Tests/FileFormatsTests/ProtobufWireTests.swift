import Testing

@testable import FileFormats

/// Protocol Buffers' wire format, and the records of TensorFlow.
struct ProtobufWireTests {
    /// Bytes of the examples of protobuf.dev/programming-guides/encoding.
    @Test func messagesAreWrittenAsTheGuideSays() {
        #expect(ProtobufWriter.message { $0.varint(150, field: 1) } == [0x08, 0x96, 0x01])
        let testing: [UInt8] = [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67]
        #expect(ProtobufWriter.message { $0.string("testing", field: 2) } == testing)
        let inner = ProtobufWriter.message { $0.varint(150, field: 1) }
        #expect(
            ProtobufWriter.message { $0.bytes(inner, field: 3) } == [0x1A, 0x03, 0x08, 0x96, 0x01])
        let minusTwo: [UInt8] = [0x08, 0xFE] + Array(repeating: 0xFF, count: 8) + [0x01]
        #expect(ProtobufWriter.message { $0.varint(-2, field: 1) } == minusTwo)
    }

    @Test func whatIsWrittenIsRead() throws {
        let message = ProtobufWriter.message { writer in
            writer.varint(-2, field: 1)
            writer.double(0.1, field: 2)
            writer.float(-1.5, field: 15)
            writer.string("é", field: 16)
            writer.bytes([], field: 1 << 20)
        }
        try message.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws in
            var reader = ProtobufReader(bytes)
            func next(_ number: Int) throws -> ProtobufReader.Value {
                let field = try #require(try reader.next())
                #expect(field.number == number)
                return field.value
            }
            #expect(try next(1).integer == UInt64(bitPattern: -2))
            #expect(try next(2).double == 0.1)
            #expect(try next(15).float == -1.5)
            #expect(try next(16).bytes.map { Array($0) } == Array("é".utf8))
            #expect(try next(1 << 20).bytes?.isEmpty == true)
            #expect(try reader.next() == nil)
        }
    }

    @Test(
        arguments: [
            ([0x00], .fieldWithoutNumber), ([0x0B], .unknownKind(position: 1)),
            (Array(repeating: 0xFF, count: 11), .longNumber), ([0x08], .truncated),
            ([0x0A, 0x02, 0x00], .truncated), ([0x09, 0, 0, 0], .truncated), ([0x0D], .truncated),
        ] as [([UInt8], ProtobufReader.Fault)])
    func whatIsNoMessageIsRefused(bytes: [UInt8], fault: ProtobufReader.Fault) {
        bytes.withUnsafeBytes { bytes in
            var reader = ProtobufReader(bytes)
            #expect(throws: fault) { try reader.next() }
        }
    }

    /// The check value of the Castagnoli polynomial, and a record of nothing.
    @Test func recordsHaveTheirChecksums() {
        #expect(TFRecord.crc32c(Array("123456789".utf8)) == 0xE306_9283)
        let empty = TFRecord.frame([])
        #expect(empty.count == 16 && empty[..<8].allSatisfy { $0 == 0 })
        // Of no bytes the checksum is 0, so its mask is the constant alone.
        #expect(Array(empty[12...]) == UInt32(0xA282_EAD8).littleEndianBytes)
    }
}
