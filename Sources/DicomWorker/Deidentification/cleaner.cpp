#include "cleaner.h"

#include <memory>
#include <string_view>
#include <vector>

#include "element_values.h"
#include "sequence_recovery.h"
#include "values.h"
#include "vocabulary.h"

namespace deidentification {

namespace {

// Written by `mark`, whatever the input says.
bool isOwn(const DcmTagKey &tag) {
    return tag == DCM_PatientIdentityRemoved || tag == DCM_DeidentificationMethod ||
           tag == DCM_DeidentificationMethodCodeSequence || tag == DCM_LongitudinalTemporalInformationModified;
}

bool isPixels(const DcmTagKey &tag) {
    return tag.getGroup() == 0x7FE0;
}

}  // namespace

Cleaner::Cleaner(const Options &chosen, const KeyedHash &keyed, DcmItem &dataset, bool isBigEndian, Report &written,
                 Replacements &told)
    : options(chosen), hash(keyed), bigEndian(isBigEndian), report(written), replacements(told) {
    for (const DcmTagKey &key : {DCM_PatientID, DCM_StudyInstanceUID}) {
        DcmElement *element = nullptr;
        if (!patient.empty() || dataset.findAndGetElement(key, element).bad() || element == nullptr) continue;
        const auto values = splitValues(textOf(*element));
        patient = values.empty() ? "" : values[0];
    }
    collectIdentities(dataset, 0);
}

void Cleaner::collectIdentities(DcmItem &item, int depth) {
    if (depth > deepest) return;
    DcmObject *object = nullptr;
    while ((object = item.nextInContainer(object)) != nullptr) {
        auto &element = static_cast<DcmElement &>(*object);
        if (element.ident() == EVR_SQ) {
            auto &sequence = static_cast<DcmSequenceOfItems &>(element);
            DcmObject *inner = nullptr;
            while ((inner = sequence.nextInContainer(inner)) != nullptr)
                collectIdentities(static_cast<DcmItem &>(*inner), depth + 1);
            continue;
        }
        const DcmTagKey tag(element.getTag());
        const auto *row = findAttribute(tag.getGroup(), tag.getElement());
        if (row == nullptr) continue;
        const bool ofPatient = tag.getGroup() == 0x0010 && row->action != '-' && row->cleanedBy == 0;
        if (row->representation == EVR_PN || (ofPatient && isText(row->representation)) ||
            tag == DCM_AccessionNumber || tag == DCM_InstitutionName || tag == DCM_InstitutionAddress)
            identities.add(textOf(element));
    }
}

Cleaner::Action Cleaner::action(const Attribute &row) const {
    if ((row.keptBy & options.profile) != 0) return Action::keep;
    if ((row.cleanedBy & options.profile) != 0) return Action::clean;
    switch (row.action) {
        case 'X': return Action::remove;
        case 'Z': return Action::empty;
        case 'D': return row.representation == EVR_UI ? Action::pass : Action::madeUp;
        default: return Action::pass;
    }
}

void Cleaner::clean(DcmItem &source, DcmItem &target, int depth) {
    DcmObject *object = nullptr;
    while ((object = source.nextInContainer(object)) != nullptr)
        cleanElement(static_cast<DcmElement &>(*object), source, target, depth);
}

void Cleaner::cleanElement(DcmElement &element, DcmItem &source, DcmItem &target, int depth) {
    const DcmTagKey tag(element.getTag());
    if (tag.getGroup() % 2 != 0) {
        report.privateAttributes += 1;
        return;
    }
    // Group lengths are retired, and wrong behind anything that was removed.
    if (tag.getElement() == 0 || isOwn(tag) || (isPixels(tag) && depth == 0)) return;
    switch (tag.getGroup() & 0xFF00) {
        // Commands and directories have no place in an object.
        case 0x0000:
            if (tag.getGroup() > 0x0004) break;
            report.unknownAttributes += 1;
            return;
        case 0x5000: report.removed.insert("Curve Data"); return;
        case 0x6000: report.removed.insert("Overlay Data"); return;
        default: break;
    }
    const Attribute *row = findAttribute(tag.getGroup(), tag.getElement());
    if (row == nullptr) {
        report.unknownAttributes += 1;
        return;
    }
    // A place of pixels elsewhere is an address; those that are here are enough.
    if (isPixels(tag) || tag == DCM_PixelDataProviderURL) {
        report.removed.insert(row->name);
        return;
    }
    const Action taken = action(*row);
    if (row->representation == EVR_SQ) {
        cleanSequence(element, *row, taken, target, depth);
        return;
    }
    switch (taken) {
        case Action::remove: applyFallback(*row, target, 'X'); return;
        case Action::empty: applyFallback(*row, target, 'Z'); return;
        case Action::madeUp: applyFallback(*row, target, 'D'); return;
        default: break;
    }
    const bool passed = isText(row->representation) ? passText(element, *row, taken, source, target)
                                                    : passBinary(element, *row, source, target);
    if (passed) return;
    // What an option would have kept but cannot goes as without the option.
    const char letters[] = {'X', 'D', 'Z', 'X'};
    applyFallback(*row, target, row->action == '-' || row->action == 'U' || row->action == 'K' ? letters[row->type]
                                                                                               : row->action);
}

void Cleaner::cleanSequence(DcmElement &element, const Attribute &row, Action taken, DcmItem &target, int depth) {
    const DcmTagKey tag(element.getTag());
    if (taken == Action::remove || taken == Action::empty || taken == Action::madeUp) {
        // Of type 3 in the General Study module, which wants items; of type 2 within requests.
        const bool isOptional = tag == DCM_ReferencedStudySequence && depth == 0;
        applyFallback(row, target, taken == Action::remove || isOptional ? 'X' : taken == Action::empty ? 'Z' : 'D');
        return;
    }
    DcmElement *readable = &element;
    std::unique_ptr<DcmDataset> recovery;
    if (element.ident() != EVR_SQ) {
        recovery = recovered(tag, EVR_SQ, bytesOf(element), bigEndian);
        if (recovery == nullptr || recovery->findAndGetElement(tag, readable).bad()) readable = nullptr;
    }
    if (readable == nullptr || depth >= deepest) {
        report.unreadableSequences += 1;
        // An empty sequence where the standard wants one, otherwise none.
        applyFallback(row, target, row.type == 3 ? 'X' : 'Z');
        return;
    }
    auto *cleaned = new DcmSequenceOfItems(DcmTag(tag, DcmVR(EVR_SQ)));
    if (target.insert(cleaned, OFTrue).bad()) {
        delete cleaned;
        return;
    }
    auto &sequence = static_cast<DcmSequenceOfItems &>(*readable);
    DcmObject *object = nullptr;
    while ((object = sequence.nextInContainer(object)) != nullptr) {
        auto *item = new DcmItem;
        if (cleaned->append(item).bad()) {
            delete item;
            return;
        }
        clean(static_cast<DcmItem &>(*object), *item, depth + 1);
    }
}

void Cleaner::applyFallback(const Attribute &row, DcmItem &target, char letter) {
    const DcmTagKey tag(row.tag >> 16, row.tag & 0xFFFF);
    if (letter == 'X') {
        report.removed.insert(row.name);
        return;
    }
    if (row.representation == EVR_SQ) {
        if (letter == 'D') {
            putMadeUpSequence(row, target);
        } else {
            report.emptied.insert(row.name);
            target.insertEmptyElement(DcmTag(tag, DcmVR(EVR_SQ)), OFTrue);
        }
        return;
    }
    if (tag == DCM_PatientID || tag == DCM_PatientName) {
        report.replaced.insert(row.name);
        const std::string pseudonym = hash.pseudonym(patient);
        if (!patient.empty()) replacements.patients[patient] = pseudonym;
        putText(row, pseudonym, target);
    } else if (letter == 'Z') {
        report.emptied.insert(row.name);
        target.insertEmptyElement(DcmTag(tag, DcmVR(row.representation)), OFTrue);
    } else if (row.representation == EVR_UI) {
        report.replaced.insert(row.name);
        putText(row, hash.uid("0." + std::to_string(row.tag)), target);
    } else if (isText(row.representation)) {
        report.replaced.insert(row.name);
        putText(row, madeUpText(row.representation), target);
    } else if (row.action == 'D' && (row.representation == EVR_OB || row.representation == EVR_UN)) {
        report.replaced.insert(row.name);
        const Uint8 zeros[2] = {0, 0};
        auto *element = new DcmOtherByteOtherWord(DcmTag(tag, DcmVR(row.representation)));
        if (element->putUint8Array(zeros, 2).bad() || target.insert(element, OFTrue).bad()) delete element;
    } else {
        // Numbers have no made-up value that nobody could take for a real one.
        report.removed.insert(row.name);
    }
}

void Cleaner::putText(const Attribute &row, const std::string &text, DcmItem &target) {
    DcmElement *element = nullptr;
    const DcmTag tag(row.tag >> 16, row.tag & 0xFFFF, DcmVR(row.representation));
    if (DcmItem::newDicomElementWithVR(element, tag).bad() || element == nullptr) return;
    if (element->putString(text.data(), Uint32(text.size())).bad() || target.insert(element, OFTrue).bad())
        delete element;
}

void Cleaner::putMadeUpSequence(const Attribute &row, DcmItem &target) {
    const DcmTagKey tag(row.tag >> 16, row.tag & 0xFFFF);
    const auto code = [](DcmItem &item) {
        item.putAndInsertString(DCM_CodeValue, "REMOVED");
        item.putAndInsertString(DCM_CodingSchemeDesignator, "99REMOVED");
        item.putAndInsertString(DCM_CodeMeaning, "Removed");
    };
    DcmItem *item = nullptr;
    if (tag == DCM_ContentSequence) {
        if (target.findOrCreateSequenceItem(tag, item, -2).bad()) return;
        DcmItem *name = nullptr;
        item->putAndInsertString(DCM_RelationshipType, "CONTAINS");
        item->putAndInsertString(DCM_ValueType, "TEXT");
        // A comment, by PS3.16's own code.
        if (item->findOrCreateSequenceItem(DCM_ConceptNameCodeSequence, name, -2).good()) {
            name->putAndInsertString(DCM_CodeValue, "121106");
            name->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
            name->putAndInsertString(DCM_CodeMeaning, "Comment");
        }
        item->putAndInsertString(DCM_TextValue, "REMOVED");
    } else if (tag == DCM_VerifyingObserverSequence) {
        if (target.findOrCreateSequenceItem(tag, item, -2).bad()) return;
        item->putAndInsertString(DCM_VerifyingObserverName, "REMOVED");
        item->putAndInsertString(DCM_VerifyingOrganization, "REMOVED");
        item->putAndInsertString(DCM_VerificationDateTime, "19000101000000");
        item->insertEmptyElement(DCM_VerifyingObserverIdentificationCodeSequence);
    } else if (std::string_view(row.name).ends_with("Code Sequence")) {
        if (target.findOrCreateSequenceItem(tag, item, -2).bad()) return;
        code(*item);
    } else {
        // Optional modules (graphics, flows), which go as a whole.
        report.removed.insert(row.name);
        return;
    }
    report.replaced.insert(row.name);
}

std::string Cleaner::replacedUID(const Attribute &row, const std::string &uid) {
    if (uid.empty() || isStandardUID(uid)) return uid;
    // UIDs outside the table are like most within.
    const bool kept = row.action == '-' ? options.has(retainUIDs) : (row.keptBy & options.profile) != 0;
    if (kept && hasForm(EVR_UI, uid)) return uid;
    report.replacedUIDs += 1;
    return replacements.uids[uid] = hash.uid(uid);
}

}  // namespace deidentification
