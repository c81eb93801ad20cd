import Feedback
import Hummingbird
import NIOCore

/// What is known of a request beside its bytes.
struct WorkbenchContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection; nil in tests without sockets.
    let peerAddress: String?
    /// Who is logged in.
    var login: Login?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peerAddress = source.channel.remoteAddress?.ipAddress
    }
}

/// A person who is logged in.
struct Login: Sendable, Hashable {
    let account: Account
    let session: LoginSession
}
