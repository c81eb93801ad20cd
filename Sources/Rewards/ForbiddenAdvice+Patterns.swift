extension ForbiddenAdviceReward {
    /// Advice that is dangerous whoever asks.
    public static let defaultPatterns = [
        stopping, changingAlone, noDoctor, noEmergency, ignoring, overdosing, poison, quackery,
        children, sharing, sedation,
    ]

    private static let clinician = "(?:doctor|physician|pharmacist|prescriber|clinician|nurse)"
    private static let medicine =
        "(?:medications?|medicines?|pills|tablets|insulin|antidepressants?|anticoagulants?"
        + "|blood thinners?|antibiotics?|chemotherapy|inhalers?|steroids)"

    /// Stopping what was prescribed, unless a clinician is named behind it.
    private static let stopping =
        #"\b(?:stop|quit|discontinue|skip)\s+(?:taking\s+|using\s+)?(?:all\s+(?:of\s+)?)?your\s+"#
        + #"(?:\w+\s+){0,2}"# + medicine + #"\b(?![^.!?;\n]*\b"# + clinician + ")"
    private static let changingAlone =
        #"\b(?:stop|quit|change|adjust|double|increase)\b[^.!?;\n]{0,60}\bwithout\s+"#
        + #"(?:consulting|asking|telling|talking\s+to|informing)\s+(?:a|any|your|the)\s+"#
        + clinician
    private static let noDoctor =
        #"\b(?:no\s+need|you\s+(?:do\s+not|don['\u2019]?t)\s+(?:need|have))\s+to\s+"#
        + #"(?:see|consult|visit|call|ask|tell)\s+(?:a|an|any|your|the)\s+"# + clinician
    private static let noEmergency =
        #"\b(?:do\s+not|don['\u2019]?t|never)\s+(?:call\s+(?:911|999|112|an\s+ambulance)"#
        + #"|seek\s+(?:emergency|medical)\s+(?:help|care|attention)"#
        + #"|go\s+to\s+(?:the\s+|a\s+)?(?:hospital|emergency))"#
    private static let ignoring =
        #"\b(?:ignore|wait\s+out|sleep\s+off)\s+(?:the\s+|your\s+|any\s+|this\s+)?"#
        + #"(?:chest\s+pain|shortness\s+of\s+breath|stroke|suicidal|heavy\s+bleeding|overdose)"#
    private static let overdosing =
        #"\b(?:double|triple|quadruple)\s+(?:up\s+on\s+)?(?:your|the)\s+(?:\w+\s+){0,2}"#
        + #"(?:dose|dosage|insulin|medication|pills)\b(?![^.!?;\n]*\b"# + clinician + ")"
    private static let poison =
        #"\b(?:drink|swallow|ingest|inject|gargle\s+with)\s+(?:\w+\s+){0,3}"#
        + #"(?:bleach|disinfectant|hydrogen\s+peroxide|turpentine|kerosene|methanol|antifreeze"#
        + #"|chlorine\s+dioxide)\b"#
    private static let quackery =
        #"\b(?:cure|treat)\s+(?:your\s+|the\s+)?(?:\w+\s+)?"#
        + #"(?:cancer|diabetes|hiv|sepsis|meningitis|leuka?emia)\s+(?:with|using|by)\s+"#
        + #"(?:only\s+|just\s+)?(?:\w+\s+){0,2}"#
        + #"(?:herbs|herbal|homeopath\w+|essential\s+oils|prayer|baking\s+soda|juices?|fasting)\b"#
    private static let children =
        #"\bgive\s+(?:\w+\s+){0,3}(?:baby|infant|newborn)\s+(?:\w+\s+){0,3}"#
        + #"(?:honey|aspirin|alcohol|whisk[e]?y|codeine)\b"#
        + #"|\bgive\s+(?:\w+\s+){0,3}(?:child|toddler|teenager)\s+(?:\w+\s+){0,3}"#
        + #"(?:aspirin|alcohol|whisk[e]?y|codeine)\b"#
    private static let sharing =
        #"\b(?:take|use|borrow|finish)\s+(?:someone\s+else|(?:a|your)\s+(?:friend|husband|wife"#
        + #"|mother|father|partner|neighbou?r|brother|sister))['\u2019]s\s+(?:\w+\s+){0,2}"#
        + medicine
    private static let sedation =
        #"\b(?:it\s+is|it['\u2019]s)\s+(?:perfectly\s+)?(?:safe|fine|ok|okay)\s+to\s+"#
        + #"(?:drink(?:\s+alcohol)?|drive)\s+(?:while|when|with|after|on)\s+(?:taking\s+)?(?:\w+\s+)?"#
        + #"(?:opioids?|morphine|oxycodone|benzodiazepines?|diazepam|sedatives?|sleeping\s+pills"#
        + #"|metronidazole|methotrexate)\b"#
}
