// cleaner: applies the profile to data sets, nested ones included.
#pragma once

#include <string>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"
#include "keyed_hash.h"
#include "options.h"
#include "profile_table.h"
#include "replacements.h"
#include "report.h"
#include "text_cleaning.h"

namespace deidentification {

/// Makes a new data set of what may stay. Nothing is copied that is not known, has not the form of
/// its representation, or is free text that no option keeps: what a reader took for something else
/// cannot get through. Pixel data are left to `cleanPixels`.
class Cleaner {
public:
    Cleaner(const Options &options, const KeyedHash &hash, DcmItem &dataset, bool bigEndian, Report &report,
            Replacements &replacements);

    void clean(DcmItem &source, DcmItem &target, int depth = 0);

    /// Sequences within sequences; more than a real object has.
    static constexpr int deepest = 64;

private:
    enum class Action { remove, empty, madeUp, pass, clean, keep };

    void cleanElement(DcmElement &element, DcmItem &source, DcmItem &target, int depth);
    void cleanSequence(DcmElement &element, const Attribute &row, Action action, DcmItem &target, int depth);
    bool passText(DcmElement &element, const Attribute &row, Action action, DcmItem &source, DcmItem &target);
    bool passBinary(DcmElement &element, const Attribute &row, DcmItem &source, DcmItem &target);
    bool passCode(const Attribute &row, std::string &text, DcmItem &source);
    bool passDates(const Attribute &row, std::vector<std::string> &values);
    void applyFallback(const Attribute &row, DcmItem &target, char action);
    std::string replacedUID(const Attribute &row, const std::string &uid);
    void putText(const Attribute &row, const std::string &text, DcmItem &target);
    void putMadeUpSequence(const Attribute &row, DcmItem &target);
    Action action(const Attribute &row) const;
    void collectIdentities(DcmItem &item, int depth);

    const Options &options;
    const KeyedHash &hash;
    const bool bigEndian;
    Report &report;
    Replacements &replacements;
    Identities identities;
    /// The patient's id, or the study's UID where there is none.
    std::string patient;
};


}  // namespace deidentification
