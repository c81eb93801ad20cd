import Testing

@testable import CaseBank

@Suite struct MatcherTests {
    let matcher: DiagnosisMatcher
    let bank: CaseBank

    init() throws {
        bank = try SharedCases.bank()
        matcher = try SharedCases.matcher()
    }

    @Test(arguments: [
        "Pulmonary embolism", "PE", "The diagnosis is PE.", "pulmonary-embolism",
        "PULMONARY EMBOLISM!", "Diagnosis: pulmonary thromboembolism",
        "**Answer:** C. Pulmonary embolism", "Answer: C. Pulmonary embolism\n",
        "Answer:\nPulmonary embolism", "This is not pneumonia. It is a pulmonary embolism.",
        "This is pulmonary embolism, not pneumonia.",
        "Pulmonary embolism rather than pneumonia explains this.",
        "Pneumonia is unlikely; pulmonary embolism fits.",
        "Pneumonia was ruled out by the X-ray and PE is confirmed.",
        "There is no evidence of pneumonia, asthma or pneumothorax. Pulmonary embolism it is.",
        "Pneumonia is less likely than pulmonary embolism.",
        "Pulmonary embolism is more likely than pneumonia.",
        "No fever, and the swollen calf points to pulmonary embolism.",
        "I considered pneumonia and asthma. The final diagnosis is pulmonary embolism.",
        "Final answer: pulmonary embolism. Pneumonia would show consolidation.",
        "No doubt pulmonary embolism.", "The most likely diagnosis is pulmonary embolism (PE).",
        "Pneumonia cannot be excluded, but the diagnosis is pulmonary embolism.",
        "The diagnosis is PE. The diagnosis is confirmed by CT.",
        "She has a history of asthma. Pulmonary embolism.",
        "Pulmonary embolism points here.\nAnswer: B",
    ])
    func asserted(text: String) {
        #expect(matcher.verdict(on: text) == .asserted("pulmonary-embolism"))
        #expect(matcher.asserts("pulmonary-embolism", in: text))
    }

    @Test(arguments: [
        "This is not pulmonary embolism.", "It isn't a PE.", "Rule out PE.",
        "Pulmonary embolism is unlikely.", "Pulmonary embolism is excluded by the CT.",
        "Pulmonary embolism has been ruled out.", "No evidence of pulmonary embolism.",
        "She is well without pulmonary embolism.", "A virus rather than pulmonary embolism.",
        "The findings do not suggest pulmonary embolism.", "Not asthma, pneumonia or PE.",
        "Neither pneumonia nor PE.", "The scan was negative for PE.",
        "The most likely diagnosis is not pulmonary embolism.",
    ])
    func negated(text: String) {
        #expect(matcher.verdict(on: text) == .negated)
    }

    @Test(arguments: [
        "", "B", "Answer: B", "I do not know.", "Bone fracture of the femur.",
        "The patient should do pe every day.", "A CAPE and a PEACH.",
        "Pneumonia was considered. The final diagnosis is gastritis.",
        "Pneumonia was considered. The most likely diagnosis is gastritis.",
        "Hemorrhagic stroke.", "Aspiration pneumonia", "Wait 20 ms and ask Ms Jones.",
    ])
    func absent(text: String) {
        #expect(matcher.verdict(on: text) == .absent)
    }

    @Test(arguments: [
        "Pulmonary embolism or pneumonia.", "Answer: asthma, pneumonia, PE, gout",
        "Final diagnosis: pneumonia and pulmonary embolism.",
        "Pulmonary embolism cannot be excluded.", "We cannot rule out PE.",
        "A history of asthma.",
        "The final diagnosis is pulmonary embolism. On reflection, PE is excluded.",
    ])
    func ambiguous(text: String) {
        #expect(matcher.verdict(on: text) == .ambiguous)
    }

    @Test(arguments: [
        ("Coeliac disease", "celiac-disease"), ("Crohn's disease", "crohn-disease"),
        ("Crohn’s", "crohn-disease"), ("Graves' disease", "graves-disease"),
        ("subarachnoid haemorrhage", "subarachnoid-hemorrhage"),
        ("Ischaemic stroke", "ischemic-stroke"), ("phaeochromocytoma", "pheochromocytoma"),
        ("iron-deficiency anaemia", "iron-deficiency-anemia"), ("MS", "multiple-sclerosis"),
        ("Pre-eclampsia", "preeclampsia"), ("Heart attack", "acute-myocardial-infarction"),
        ("B12 deficiency", "pernicious-anemia"), ("shingles", "herpes-zoster"),
        ("Guess: acute exacerbation of COPD", "copd-exacerbation"),
    ])
    func readsVariants(text: String, id: String) {
        #expect(matcher.verdict(on: text) == .asserted(id))
    }

    /// Every name of every condition, as a bare answer and in a sentence.
    @Test func readsEveryName() {
        for condition in bank.conditions {
            for name in condition.allNames {
                #expect(matcher.asserts(condition.id, in: name), "\(name)")
                #expect(matcher.asserts(condition.id, in: "The answer is \(name)."), "\(name)")
                #expect(matcher.verdict(on: "It is not \(name).") == .negated, "\(name)")
            }
        }
    }

    @Test(arguments: [
        ("Oedema", "edema"), ("tumour", "tumor"), ("Leucocyte", "leukocyte"),
        ("generalised", "generalized"), ("Ménière's", "meniere"), ("goitre", "goiter"),
    ])
    func normalizesSpelling(written: String, word: String) {
        #expect(ClinicalText(written).words == [word])
    }
}
