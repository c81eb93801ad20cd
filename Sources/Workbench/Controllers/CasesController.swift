import Feedback
import Foundation
import Hummingbird
import Web

/// Cases: listed, typed, imported, deleted.
struct CasesController: Sendable {
    let cases: CaseStore
    let samplings: SamplingStore

    var routes: [APIRoute] { [list, add, importFile, importWithImages, importBank, show, delete] }

    struct Imported: Encodable, Sendable {
        let imported: Int
    }

    private struct One: Encodable, Sendable {
        let `case`: ClinicalCase
    }

    private struct WithSamplings: Encodable, Sendable {
        let `case`: ClinicalCase
        let samplings: [Sampling]
    }

    private struct NewCase: Decodable {
        let question: String
        let images: [String]?
        let options: [CaseOption]?
        let answer: String
        let diagnosis: String?
        let synonyms: [String]?

        var draft: CaseDraft {
            CaseDraft(
                question: question, images: images ?? [], options: options ?? [], answer: answer,
                diagnosis: diagnosis, synonyms: synonyms ?? [])
        }
    }

    private struct FileWithImages: Decodable {
        let format: CaseFileFormat
        let rows: String
        let hashes: [String: String]
    }

    private struct BankRequest: Decodable {
        let count: Int
        let seed: UInt64
    }

    /// The largest file of cases, in bytes.
    static let fileLimit = 8 * 1024 * 1024

    private var list: APIRoute {
        let fields: [Schema.Field] = [
            .optional("query", .text(0...200)), .optional("offset", .integer(0...1_000_000_000)),
            .optional("limit", .integer(1...200)),
        ]
        return .get("/api/cases", .viewer, "Cases, the newest first", query: fields) { call in
            try await cases.page(
                query: call.query.text("query") ?? "", offset: call.query.integer("offset") ?? 0,
                limit: call.query.integer("limit") ?? 50)
        }
    }

    private var add: APIRoute {
        let option = Schema.object([
            .required("letter", .text(1...1)), .required("text", .text(1...2_000)),
        ])
        let shape = Schema.object([
            .required("question", .passage),
            .optional("images", .list(.text(64...64), count: 0...CaseDraft.mostImages)),
            .optional("options", .list(option, count: 0...8)),
            .required("answer", .text(1...2_000)), .optional("diagnosis", .text(0...2_000)),
            .optional("synonyms", .list(.text(1...200), count: 0...50)),
        ])
        return .json(
            .post, "/api/cases", .expert, "Add a case that was typed", body: shape,
            status: .created
        ) { (body: NewCase, call) in
            One(case: try await cases.add(body.draft, actor: try call.account.id))
        }
    }

    private var importFile: APIRoute {
        APIRoute(
            method: .post, path: "/api/cases/import", access: .expert,
            summary: "Import a file of cases, all or nothing",
            query: [.required("format", .choice(["jsonl", "csv"]))],
            body: .text(["application/x-ndjson", "text/csv"], limit: Self.fileLimit),
            status: .created
        ) { call in
            let format: CaseFileFormat = call.query.text("format") == "csv" ? .csv : .jsonl
            let bytes = try await RequestBodyReader.bytes(call.request, limit: Self.fileLimit)
            let count = try await cases.importFile(
                Data(bytes.readableBytesView), format: format, actor: try call.account.id)
            return try JSONReply.make(Imported(imported: count), status: .created)
        }
    }

    private var importWithImages: APIRoute {
        let shape = Schema.object([
            .required("format", .choice(CaseFileFormat.allCases.map(\.rawValue))),
            .required("rows", .text(0...Self.fileLimit)),
            .required("hashes", .map(.text(64...64), atMost: 100_000)),
        ])
        return .json(
            .post, "/api/cases/import-with-images", .expert,
            "Import cases whose rows name images that were brought in before", body: shape,
            limit: 4 * Self.fileLimit, status: .created
        ) { (body: FileWithImages, call) in
            Imported(
                imported: try await cases.importFile(
                    Data(body.rows.utf8), format: body.format, hashes: body.hashes,
                    actor: try call.account.id))
        }
    }

    private var importBank: APIRoute {
        let shape = Schema.object([
            .required("count", .integer(1...1_000)),
            .required("seed", .integer(0...Int(Int32.max))),
        ])
        return .json(
            .post, "/api/cases/bank", .expert, "Import cases of the built-in bank", body: shape,
            status: .created
        ) { (body: BankRequest, call) in
            Imported(
                imported: try await cases.importBank(
                    count: body.count, seed: body.seed, actor: try call.account.id))
        }
    }

    private var show: APIRoute {
        .get("/api/cases/{id}", .viewer, "A case and its samplings") { call in
            let id = try call.text("id")
            return WithSamplings(
                case: try await cases.find(id), samplings: try await samplings.ofCase(id))
        }
    }

    private var delete: APIRoute {
        .silent(
            .delete, "/api/cases/{id}", .administrator, "Delete a case that nobody has judged"
        ) { call in
            try await cases.delete(try call.text("id"), actor: try call.account.id)
        }
    }
}
