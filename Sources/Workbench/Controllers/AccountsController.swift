import Feedback
import Hummingbird
import Web

/// The people who work with the workbench.
struct AccountsController: Sendable {
    let accounts: AccountStore
    let hasher: PasswordHasher

    var routes: [APIRoute] { [list, create, change] }

    private struct List: Encodable, Sendable {
        let accounts: [Account]
    }

    private struct NewAccount: Decodable {
        let name: String
        let password: String
        let role: Account.Role
    }

    private struct Change: Decodable {
        let role: Account.Role?
        let disabled: Bool?
        let password: String?
    }

    private static let role = Schema.choice(Account.Role.allCases.map(\.rawValue))

    private var list: APIRoute {
        .get("/api/accounts", .administrator, "All accounts") { _ in
            List(accounts: try await accounts.all())
        }
    }

    private var create: APIRoute {
        let shape = Schema.object([
            .required("name", .name), .required("password", .newPassword),
            .required("role", Self.role),
        ])
        return .json(
            .post, "/api/accounts", .administrator, "Make an account", body: shape,
            status: .created
        ) { (body: NewAccount, call) in
            try await accounts.create(
                name: body.name, role: body.role,
                passwordHash: try await hasher.hash(body.password), actor: try call.account.id)
        }
    }

    private var change: APIRoute {
        let shape = Schema.object([
            .optional("role", Self.role), .optional("disabled", .boolean),
            .optional("password", .newPassword),
        ])
        return .json(
            .patch, "/api/accounts/{id}", .administrator,
            "Change role or password, disable or enable", body: shape
        ) { (body: Change, call) in
            let id = try call.id()
            guard try body.password == nil || id != call.account.id else {
                throw APIError.conflict(
                    "Change your own password on your account's page: it asks for the present one.")
            }
            var hash: String?
            if let password = body.password { hash = try await hasher.hash(password) }
            return try await accounts.change(
                id, role: body.role, disabled: body.disabled, passwordHash: hash,
                actor: try call.account.id)
        }
    }
}
