import HTTPTypes
import Hummingbird
import Web

/// Refuses requests that write and do not carry the session's CSRF token: another site can make a
/// browser send the cookie but cannot read the token.
enum CrossSiteGuard {
    /// - Throws: 403 for a missing or wrong token of somebody who is logged in.
    static func check(_ request: Request, _ login: Login?) throws(APIError) {
        guard request.method != .get, request.method != .head, let login else { return }
        guard let name = HTTPField.Name("X-CSRF-Token"), let token = request.headers[name],
            SecretBytes.areEqual(token.utf8, login.session.csrf.utf8)
        else {
            throw APIError(
                .forbidden, "csrf",
                "The header X-CSRF-Token is missing or of an older session. Reload the page.")
        }
    }
}
