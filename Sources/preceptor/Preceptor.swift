import ArgumentParser
import Records

/// The program: one subcommand a job.
@main
struct Preceptor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preceptor",
        abstract:
            "Teaches language models medicine on your own machine, and measures what they learnt.",
        discussion: """
            Start with 'preceptor quickstart': it evaluates the built-in model on clinical cases, \
            fine-tunes it, evaluates it again and writes a report.
            """,
        version: ProgramVersion.current,
        subcommands: [
            Quickstart.self, Train<SupervisedFineTuning>.self, Train<RewardModelling>.self,
            Train<DirectPreferences>.self, Train<KahnemanTversky>.self, Train<ProximalPolicy>.self,
            Train<GroupRelativePolicy>.self, Train<LeaveOneOut>.self, Generate.self, Chat.self,
            Score.self, Preview.self, Evaluate.self, Probe.self, Attack.self, Answers.self,
            Compare.self, Study.self, Cases.self, Split.self, Compose.self, Merge.self,
            ImagesCommand.self,
            WorkbenchCommand.self, Audit.self, Engine.self, Doctor.self,
        ])
}
