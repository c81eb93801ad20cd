import Dispatch
import Foundation
import Images
import Records
import Workbench

/// Reads images of cases on a thread of its own, one at a time: requests for other things do not
/// wait for a large image, and many at once take the memory of one.
struct CaseImageRenderer: ImageRendering {
    /// Of this workbench: the same original gives the same UIDs.
    let key: ProjectKey
    private let queue = DispatchQueue(label: "preceptor.images", qos: .utility)

    init(key: ProjectKey) { self.key = key }

    func deidentified(_ data: Data, looked: Bool) async throws(ServiceError) -> Data {
        let deidentification = Deidentification(key: key, options: looked ? [.reviewed] : [])
        let (report, bytes) = try await onQueue {
            try deidentification.copy(of: [UInt8](data), named: "image")
        }
        switch report.outcome {
        case .written: return Data(bytes)
        case .heldBack:
            throw .invalid(
                "the image is held back (\(report.reason)): look at it, and say so where nothing in "
                    + "it points to a person")
        case .refused: throw .invalid("the image cannot be de-identified: \(report.reason)")
        }
    }

    func facts(of file: URL) async throws(ServiceError) -> CaseImageFacts {
        try await onQueue {
            // What a header promises, the pixels have to keep.
            _ = try ImageFile.read(ImageReference(path: file.path))
            let facts = try ImageFacts(of: file.path)
            return CaseImageFacts(
                width: facts.width, height: facts.height, frames: facts.frames,
                window: facts.dicom?.window)
        }
    }

    func png(of file: URL, frame: Int, window: ImageWindow?) async throws(ServiceError) -> Data {
        try await onQueue {
            let reference = ImageReference(path: file.path, frame: frame, window: window)
            return Data(try PNGFile.bytes(of: try ImageFile.read(reference)))
        }
    }

    /// Errors are told without the file's place on this machine.
    private func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(ServiceError) -> Value {
        let result = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try work() }) }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error as ImageError): throw .invalid("the image \(error.problem)")
        case .failure(let error as ImageProblem): throw .invalid("the image \(error)")
        case .failure: throw .invalid("the image cannot be read")
        }
    }
}
