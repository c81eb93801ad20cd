/// Why a server does not listen where it was asked to.
package enum BindingRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    case badPort(Int)
    case notEncrypted(address: String)
    case noAccounts(address: String)
    case noName(address: String)
    case halfACertificate
    case certificateAndProxy

    package var description: String {
        switch self {
        case .badPort(let port): "port \(port) is not between 0 and 65535"
        case .notEncrypted(let address):
            """
            sharing on \(address) would send passwords and cases in the clear; give \
            --tls-certificate and --tls-key, or --behind-proxy when a reverse proxy ends TLS
            """
        case .noAccounts(let address):
            """
            sharing on \(address) needs an administrator's account; start once without --share, \
            open the set-up link and create it
            """
        case .noName(let address):
            """
            sharing on \(address) needs --host-name, the name people will type; requests for \
            other names are refused, as protection against DNS rebinding
            """
        case .halfACertificate: "--tls-certificate and --tls-key belong together; one is missing"
        case .certificateAndProxy:
            "--behind-proxy says that a proxy ends TLS, so a certificate cannot be used as well"
        }
    }
}
