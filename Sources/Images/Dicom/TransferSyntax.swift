/// How a file's data set and pixels are encoded (PS3.5 chapter 10, PS3.6 annex A).
package enum TransferSyntax: String, Sendable {
    case implicit = "1.2.840.10008.1.2"
    case explicit = "1.2.840.10008.1.2.1"
    case explicitBigEndian = "1.2.840.10008.1.2.2"
    case rle = "1.2.840.10008.1.2.5"
    case jpegBaseline = "1.2.840.10008.1.2.4.50"
    case jpegExtended = "1.2.840.10008.1.2.4.51"
    case jpegLossless = "1.2.840.10008.1.2.4.57"
    case jpegLosslessFirstOrder = "1.2.840.10008.1.2.4.70"
    case jpegLSLossless = "1.2.840.10008.1.2.4.80"
    case jpegLSNearLossless = "1.2.840.10008.1.2.4.81"
    case jpeg2000Lossless = "1.2.840.10008.1.2.4.90"
    case jpeg2000 = "1.2.840.10008.1.2.4.91"

    /// What a person calls it.
    package var name: String {
        switch self {
        case .implicit: "implicit, little endian"
        case .explicit: "explicit, little endian"
        case .explicitBigEndian: "explicit, big endian"
        case .rle: "RLE"
        case .jpegBaseline: "JPEG baseline"
        case .jpegExtended: "JPEG extended"
        case .jpegLossless, .jpegLosslessFirstOrder: "JPEG lossless"
        case .jpegLSLossless: "JPEG-LS lossless"
        case .jpegLSNearLossless: "JPEG-LS near-lossless"
        case .jpeg2000Lossless: "JPEG 2000 lossless"
        case .jpeg2000: "JPEG 2000"
        }
    }

    var encoding: DicomEncoding {
        switch self {
        case .implicit: .implicit
        case .explicitBigEndian: .explicitBig
        default: .explicit
        }
    }

    /// Whether pixels are compressed, frame by frame.
    var isEncapsulated: Bool {
        switch self {
        case .implicit, .explicit, .explicitBigEndian: false
        default: true
        }
    }
}
