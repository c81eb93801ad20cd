/// The version of this program, as `--version` prints it and results keep it.
public enum ProgramVersion {
    public static let current = "0.1.0"
}
