import Feedback
import Foundation
import Hummingbird

/// Replies with a picture.
enum ImageReply {
    /// A PNG file. Nothing in the reply may run or load anything, whatever a browser takes it for.
    static func png(_ data: Data) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: ImageKind.png.contentType,
                .contentSecurityPolicy: "default-src 'none'; sandbox",
                .contentDisposition: "inline",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
