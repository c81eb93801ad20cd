import Feedback
import Foundation
import Hummingbird
import Records
import Web

/// Images of cases: brought in, looked at.
struct ImagesController: Sendable {
    let folder: ImageFolder?
    let renderer: (any ImageRendering)?
    let audit: AuditLog

    var routes: [APIRoute] { [add, show, facts] }

    private struct One: Encodable, Sendable {
        let image: CaseImage
    }

    private struct Facts: Encodable, Sendable {
        let image: CaseImage
        let facts: CaseImageFacts
    }

    private var add: APIRoute {
        let types = ImageKind.allCases.map(\.contentType) + ["application/octet-stream"]
        return APIRoute(
            method: .post, path: "/api/images", access: .expert,
            summary:
                "Bring in an image: PNG, JPEG, WebP or DICOM, without what identifies somebody",
            query: [.optional("identity", .choice(ImageIdentity.allCases.map(\.rawValue)))],
            body: .bytes(types, limit: ImageFolder.limit), status: .created
        ) { call in
            let (folder, renderer) = try parts()
            let buffer = try await RequestBodyReader.bytes(call.request, limit: ImageFolder.limit)
            let identity = call.query.text("identity").flatMap(ImageIdentity.init) ?? .remove
            var data = Data(buffer.readableBytesView)
            _ = try ImageFolder.kind(of: data)
            if identity != .keep {
                data = try await renderer.deidentified(data, looked: identity == .looked)
            }
            let image = try folder.add(data)
            do {
                _ = try await renderer.facts(of: folder.file(of: image))
            } catch {
                folder.remove(image)
                throw error
            }
            try await audit.append(
                action: "image.add", subject: "image/\(image.hash.prefix(16))",
                detail: [
                    "bytes": .integer(buffer.readableBytes),
                    "identity": .string(identity.rawValue),
                ], actor: try call.account.id)
            return try JSONReply.make(One(image: image), status: .created)
        }
    }

    private var show: APIRoute {
        let fields: [Schema.Field] = [
            .optional("frame", .integer(0...100_000)),
            .optional("center", .number(-1e6...1e6)), .optional("width", .number(1...1e6)),
        ]
        return APIRoute(
            method: .get, path: "/api/images/{id}", access: .viewer,
            summary: "The image as the model is shown it; frame and window are for DICOM",
            query: fields, reply: .file(contentType: "image/png")
        ) { call in
            let (folder, renderer) = try parts()
            let image = try found(call, folder)
            let file = folder.file(of: image)
            let window = try Self.window(call.query)
            let png = try await renderer.png(
                of: file, frame: call.query.integer("frame") ?? 0, window: window)
            return ImageReply.png(png)
        }
    }

    private var facts: APIRoute {
        .get("/api/images/{id}/facts", .viewer, "Size, frames and the stored window") { call in
            let (folder, renderer) = try parts()
            let image = try found(call, folder)
            return Facts(image: image, facts: try await renderer.facts(of: folder.file(of: image)))
        }
    }

    private func parts() throws(APIError) -> (ImageFolder, any ImageRendering) {
        guard let folder, let renderer else { throw .notFound("place for images here") }
        return (folder, renderer)
    }

    private func found(_ call: APICall, _ folder: ImageFolder) throws(APIError) -> CaseImage {
        guard let image = folder.find(try call.text("id")) else { throw .notFound("such image") }
        return image
    }

    private static func window(_ query: RequestQuery) throws(APIError) -> ImageWindow? {
        switch (query.number("center"), query.number("width")) {
        case (nil, nil): return nil
        case (let center?, let width?): return ImageWindow(center: center, width: width)
        default: throw .invalid("\"center\" and \"width\" belong together.")
        }
    }
}
