import Feedback
import Foundation
import Hummingbird

/// Replies with an image.
enum ImageReply {
    /// Nothing in the reply may run or load anything, whatever a browser takes it for.
    static func make(_ data: Data, _ kind: ImageKind) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: kind.contentType,
                .contentSecurityPolicy: "default-src 'none'; sandbox",
                .contentDisposition: "inline",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
