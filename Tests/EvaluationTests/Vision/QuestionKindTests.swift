import Answers
import Evaluation
import Testing

struct QuestionKindTests {
    @Test(arguments: [
        ("CT(Computed Tomography)_test", ImagingModality.ct), ("Dermoscopy_test", .dermoscopy),
        ("MR (Mag-netic Resonance Imaging)_test", .mri), ("X-Ray_test", .xray),
        ("Fundus Photography_test", .fundus), ("Microscopy Images", .microscopy),
        ("OCT (Optical Coherence Tomography_test", .oct), ("ultrasound_test", .ultrasound),
    ])
    func modalities(name: String, modality: ImagingModality) {
        #expect(ImagingModality(named: name) == modality)
    }

    @Test func noModality() {
        #expect(ImagingModality(named: "doctors") == nil)
        #expect(ImagingModality(named: "CT and MRI") == nil)
        #expect(ImagingModality(named: "") == nil)
    }

    @Test(arguments: [
        ("Anatomy Identification_test", QuestionType.anatomy), ("Lesion Grading", .grading),
        ("Disease Diagnosis", .diagnosis), ("Modality Recognition", .modality),
        ("Other Biological Attributes", .attributes),
    ])
    func names(name: String, type: QuestionType) {
        #expect(QuestionType(named: name) == type)
        #expect(QuestionType(named: "CT_test") == nil)
    }

    /// Questions of the published splits, one of each rule.
    @Test(arguments: [
        ("What imaging modality was used to capture this image?", ["MRI", "CT"], "modality"),
        ("What is the method used to obtain this image?", ["Fluoroscopy", "OCT"], "modality"),
        ("What is shown?", ["MRI scan", "PET scan", "a knee"], "modality"),
        ("Is the image abnormality classified as benign or malignant?", ["x", "y"], "grading"),
        ("What stage does the cancer correspond to?", ["Stage IV", "Stage IIa"], "grading"),
        ("What is seen?", ["Mild diabetic retinopathy", "Severe damage", "x"], "grading"),
        (
            "Are we referring to the oculus dexter or the oculus sinister?", ["x", "y"],
            "attributes"
        ),
        ("What cell type is seen in the image?", ["Platelets", "Neutrophils"], "attributes"),
        ("From which joint does the bone in the image originate?", ["Hip", "Knee"], "anatomy"),
        ("What part is shown in this ultrasound image?", ["liver", "Bladder"], "anatomy"),
        (
            "What content appears in this image?", ["Lung", "Stomach", "Kidney", "Muscle"],
            "anatomy"
        ),
        (
            "What condition is depicted?", ["Lung infection", "Stomach ulcer", "x", "y"],
            "diagnosis"
        ),
        ("What is the specific abnormality?", ["Drusen", "Cataract"], "diagnosis"),
    ])
    func rules(question: String, options: [String], type: String) {
        let labels = ["A", "B", "C", "D"]
        let found = QuestionType(
            question: question,
            options: zip(labels, options).map { AnswerOption(label: $0, text: $1) })
        #expect("\(found)" == type)
    }
}
