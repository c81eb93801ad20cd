import FileFormats

/// One record of an event file: what happened, when, and at which step.
///
/// Source: `event.proto`, `summary.proto` and `tensor.proto` of TensorFlow; fields are written in
/// the order of their numbers, and those with the default value left out, as their own writers do.
struct TensorBoardEvent {
    enum Content {
        /// The first event of every file.
        case fileVersion
        /// What was written for this step and later ones, in this file or others, is void.
        case restart
        case scalars([(tag: String, value: Double)])
        case text(tag: String, String)
    }

    var time: Double
    var step: Int
    var content: Content

    var message: [UInt8] {
        ProtobufWriter.message { event in
            event.double(time, field: 1)
            if step != 0 { event.varint(step, field: 2) }
            switch content {
            case .fileVersion: event.string("brain.Event:2", field: 3)
            case .restart: event.bytes([0x08, 0x01], field: 7)  // SessionLog, status START
            case .scalars(let values): event.bytes(Self.summary(of: values), field: 5)
            case .text(let tag, let text): event.bytes(Self.summary(of: text, tag), field: 5)
            }
        }
    }

    private static func summary(of values: [(tag: String, value: Double)]) -> [UInt8] {
        ProtobufWriter.message { summary in
            for (tag, value) in values {
                let entry = ProtobufWriter.message { entry in
                    entry.string(tag, field: 1)
                    entry.float(Float(value), field: 2)
                }
                summary.bytes(entry, field: 1)
            }
        }
    }

    /// A string tensor of shape [1], marked for the text page.
    private static func summary(of text: String, _ tag: String) -> [UInt8] {
        let stringType = 7
        let shape = ProtobufWriter.message { shape in
            shape.bytes([0x08, 0x01], field: 2)  // one dimension, of size 1
        }
        let tensor = ProtobufWriter.message { tensor in
            tensor.varint(stringType, field: 1)
            tensor.bytes(shape, field: 2)
            tensor.string(text, field: 8)
        }
        let plugin = ProtobufWriter.message { $0.string("text", field: 1) }
        let entry = ProtobufWriter.message { entry in
            entry.string(tag, field: 1)
            entry.bytes(tensor, field: 8)
            entry.bytes(ProtobufWriter.message { $0.bytes(plugin, field: 1) }, field: 9)
        }
        return ProtobufWriter.message { $0.bytes(entry, field: 1) }
    }
}

extension TensorBoardEvent {
    /// The event as it stands in a file.
    var record: [UInt8] { TFRecord.frame(message) }
}
