import Datasets
import Generation
import Images

/// Why a request failed, in words that name no file: the names of images may tell whose they are.
enum RequestFault {
    static func words(_ error: any Error) -> String {
        switch error {
        case let fault as ImageFault: words([fault])
        case RecordFault.images(let faults): words(faults)
        case RecordFault.hasImages: "the model reads no images"
        case GenerationError.image(let fault), ScoringError.image(let fault): words([fault])
        case let error as ImageError: "an image: \(error.problem)"
        default: "\(error)"
        }
    }

    private static func words(_ faults: [ImageFault]) -> String {
        faults.map { "an image: \($0.reason)" }.joined(separator: "; ")
    }
}
