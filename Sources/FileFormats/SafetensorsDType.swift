/// The element types of safetensors files that this program reads and writes.
public enum SafetensorsDType: String, Sendable, Hashable, CaseIterable {
    // In the order of the reference implementation, which stores later cases first in a file.
    case bool = "BOOL"
    case u8 = "U8"
    case i8 = "I8"
    case i16 = "I16"
    case f16 = "F16"
    case bf16 = "BF16"
    case i32 = "I32"
    case f32 = "F32"
    case f64 = "F64"
    case i64 = "I64"

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .bool, .u8, .i8: 1
        case .i16, .f16, .bf16: 2
        case .i32, .f32: 4
        case .f64, .i64: 8
        }
    }
}
