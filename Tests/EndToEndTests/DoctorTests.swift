import Testing

extension OneAtATime {
    /// What a user is told of the processor, and of a limit that he sets.
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct DoctorTests {
        @Test func namesTheKernels() throws {
            let result = try ProgramFolder()
                .start(["doctor"], environment: ["PRECEPTOR_CPU": "portable"]).wait()
            #expect(result.status == 0, "\(result.errors)")
            let rows = Dictionary(
                result.output.split(separator: "\n").map { line in
                    let parts = line.split(separator: " ", maxSplits: 1)
                    return (String(parts[0]), parts.last.map(String.init) ?? "")
                }
            ) { one, _ in one }
            #expect(rows["kernels"]?.contains("portable (PRECEPTOR_CPU=portable)") == true)
            #expect(rows["bf16"]?.contains("widened to f32") == true)
            #expect(rows["speed"]?.contains("GFLOP/s in bf16") == true)
            for name in ["processor", "threads", "libtorch", "memory"] {
                #expect(rows[name]?.contains { $0.isNumber || $0.isLetter } == true, "\(name)")
            }
        }

        @Test func refusesALimitThatItDoesNotKnow() throws {
            let result = try ProgramFolder()
                .start(["doctor"], environment: ["PRECEPTOR_CPU": "fast"]).wait()
            #expect(result.status != 0)
            #expect(result.errors.contains("PRECEPTOR_CPU"), "\(result.errors)")
            #expect(result.errors.contains("avx2"))
        }
    }
}
