import Foundation
import Hummingbird

/// Replies with a picture.
package enum ImageReply {
    /// A PNG file. Nothing in the reply may run or load anything, whatever a browser takes it for.
    package static func png(_ data: Data) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "image/png",
                .contentSecurityPolicy: "default-src 'none'; sandbox",
                .contentDisposition: "inline",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
