#include "deidentify.h"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

#include "cleaner.h"
#include "dcmtk/dcmdata/dcistrmb.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpls/djdecode.h"
#include "element_values.h"
#include "file_writing.h"
#include "picture_files.h"
#include "picture_text.h"
#include "values.h"
#include "vocabulary.h"

namespace deidentification {

namespace {

struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void checkOptions(const Options &options, const Key &key) {
    if (options.has(cleanRecognizableVisualFeatures))
        throw Refused("Clean Recognizable Visual Features is not supported: nothing here finds faces");
    if (options.has(retainFullDates) && options.has(retainModifiedDates))
        throw Refused("dates are either kept or moved, not both");
    if (options.has(cleanPixelData) && options.reviewed)
        throw Refused("pixels are either cleaned or taken as reviewed, not both");
    if (key.size() < 16) throw Refused("the key has fewer than 16 bytes");
}

std::string firstValueOf(DcmItem &item, const DcmTagKey &tag) {
    DcmElement *element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element == nullptr) return {};
    return splitValues(textOf(*element)).front();
}

// Objects that are nothing but what has to go, or whose content nothing here can look at.
void checkKind(DcmFileFormat &file, DcmDataset &dataset) {
    const std::string media = firstValueOf(*file.getMetaInfo(), DCM_MediaStorageSOPClassUID);
    if (media == UID_MediaStorageDirectoryStorage || dataset.tagExists(DCM_DirectoryRecordSequence))
        throw Refused("a DICOMDIR; write a new one for the copies");
    const std::string kind = firstValueOf(dataset, DCM_SOPClassUID);
    if (kind.empty()) throw Refused("the SOP Class UID is missing");
    if (!isStandardUID(kind)) throw Refused("a private or unknown SOP class");
    if (kind.rfind("1.2.840.10008.5.1.4.1.1.104.", 0) == 0) throw Refused("an encapsulated document");
    if (kind.rfind("1.2.840.10008.5.1.4.1.1.9.4.", 0) == 0) throw Refused("a recorded voice");
    if (kind == "1.2.840.10008.5.1.4.1.1.66") throw Refused("raw data");
}

void addMethods(const Options &options, bool pixelsCleaned, DcmDataset &target, Report &report) {
    struct Method { bool used; const char *code, *meaning; };
    const Method methods[] = {
        {true, "113100", "Basic Application Confidentiality Profile"},
        {pixelsCleaned, "113101", "Clean Pixel Data Option"},
        {options.has(cleanGraphics), "113103", "Clean Graphics Option"},
        {options.has(cleanStructuredContent), "113104", "Clean Structured Content Option"},
        {options.has(cleanDescriptors), "113105", "Clean Descriptors Option"},
        {options.has(retainFullDates), "113106", "Retain Longitudinal Temporal Information Full Dates Option"},
        {options.has(retainModifiedDates), "113107", "Retain Longitudinal Temporal Information Modified Dates Option"},
        {options.has(retainPatientCharacteristics), "113108", "Retain Patient Characteristics Option"},
        {options.has(retainDeviceIdentity), "113109", "Retain Device Identity Option"},
        {options.has(retainUIDs), "113110", "Retain UIDs Option"},
        {options.has(retainInstitution), "113112", "Retain Institution Identity Option"},
    };
    for (const Method &method : methods) {
        DcmItem *item = nullptr;
        if (!method.used || target.findOrCreateSequenceItem(DCM_DeidentificationMethodCodeSequence, item, -2).bad())
            continue;
        item->putAndInsertString(DCM_CodeValue, method.code);
        item->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
        item->putAndInsertString(DCM_CodeMeaning, method.meaning);
        report.methods.push_back(method.code);
    }
    target.putAndInsertString(DCM_DeidentificationMethod, "PS3.15 Basic Application Level Confidentiality Profile");
    target.putAndInsertString(DCM_LongitudinalTemporalInformationModified,
                              options.has(retainFullDates)       ? "UNMODIFIED"
                              : options.has(retainModifiedDates) ? "MODIFIED"
                                                                 : "REMOVED");
}

// Looks for text, and paints over it where that is asked for.
// - Returns: Whether pixels were cleaned.
bool treatText(DcmDataset &source, DcmDataset &target, E_TransferSyntax &syntax, const Options &options,
               Report &report) {
    const Declared declared = declaredText(source);
    const auto reasons = reasonsForText(source);
    if (options.reviewed) {
        if (declared == Declared::yes) report.warnings.push_back("the file says that text is burned into its pixels");
        return false;
    }
    PixelFormat format;
    auto bytes = decodedPixels(target, syntax, format);
    const auto text = textIn(bytes, format);
    if (!options.has(cleanPixelData)) {
        if (declared == Declared::yes) throw PixelProblem("the file says that text is burned into its pixels");
        if (!text.empty() && declared == Declared::nothing) throw PixelProblem("there seems to be text in the pixels");
        if (!text.empty())
            report.warnings.push_back("there seems to be text in the pixels, and the file says there is none");
        if (!reasons.empty() && declared == Declared::nothing)
            throw PixelProblem(reasons[0] + " that does not say that it holds no text");
        return false;
    }
    const auto regions = ultrasoundRegions(target);
    auto boxes = regions.empty() ? std::vector<Box>{} : outside(regions, long(format.columns), long(format.rows));
    if (declared == Declared::yes && text.empty() && boxes.empty())
        throw PixelProblem("the file says that text is burned into its pixels, and none was found");
    boxes.insert(boxes.end(), text.begin(), text.end());
    if (boxes.empty()) {
        if (!reasons.empty() && declared == Declared::nothing)
            report.warnings.push_back(reasons[0] + ": no text was found in the pixels; look at them");
        return true;
    }
    paintOver(bytes, format, boxes);
    putUncompressed(target, format, bytes);
    syntax = EXS_LittleEndianExplicit;
    if (!regions.empty()) report.pixels.push_back("pixels outside of the ultrasound regions painted over");
    if (!text.empty()) report.pixels.push_back("text painted over");
    report.warnings.push_back("text was found by a program that does not find all; look at the pixels");
    target.putAndInsertString(DCM_BurnedInAnnotation, "NO");
    return true;
}

// Measured values, as many as the attributes say; machines write no text into them.
void copyFloatPixels(DcmDataset &source, DcmDataset &target) {
    const bool isDouble = source.tagExists(DCM_DoubleFloatPixelData);
    const DcmTagKey tag = isDouble ? DCM_DoubleFloatPixelData : DCM_FloatPixelData;
    if (!target.tagExists(DCM_BitsAllocated)) target.putAndInsertUint16(DCM_BitsAllocated, isDouble ? 64 : 32);
    const PixelFormat format = PixelFormat::of(target);
    DcmElement *element = nullptr;
    if (source.findAndGetElement(tag, element).bad() || bytesOf(*element).size() != format.size())
        throw PixelProblem("the pixels are not as many as the attributes say");
    auto *copy = static_cast<DcmElement *>(element->clone());
    if (target.insert(copy, OFTrue).bad()) delete copy;
}

// A picture has no attributes: nothing says whose it is but text within it.
Result cleanedFile(std::span<const std::uint8_t> bytes) {
    CleanPicture picture = cleanedPicture(bytes);
    Result result;
    result.outcome = Outcome::written;
    result.file = std::move(picture.bytes);
    for (const auto &part : picture.removed) result.report.removed.insert(part);
    result.report.warnings.push_back("nothing looks for text within PNG, JPEG and WebP; look at the picture");
    return result;
}

Result deidentified(std::span<const std::uint8_t> bytes, const Options &options, const Key &key) {
    checkOptions(options, key);
    if (isPicture(bytes)) return cleanedFile(bytes);
    DcmInputBufferStream stream;
    stream.setBuffer(bytes.data(), offile_off_t(bytes.size()));
    stream.setEos();
    DcmFileFormat file;
    file.transferInit();
    const OFCondition status = file.read(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength);
    file.transferEnd();
    // DCMTK's texts may quote values.
    const bool endsEarly =
        status == EC_EndOfStream || status == EC_StreamNotifyClient || status == EC_InvalidStream;
    if (status.bad()) throw Refused(endsEarly ? "no readable DICOM: it ends early" : "no readable DICOM");
    DcmDataset &source = *file.getDataset();
    if (source.loadAllDataIntoMemory().bad()) throw Refused("no readable DICOM");
    E_TransferSyntax syntax = source.getOriginalXfer();
    checkKind(file, source);

    Result result;
    const KeyedHash hash(key);
    DcmDataset target;
    Cleaner cleaner(options, hash, source, DcmXfer(syntax).isBigEndian(), result.report, result.replacements);
    cleaner.clean(source, target);
    bool pixelsCleaned = false;
    if (source.tagExists(DCM_PixelData)) {
        syntax = cleanPixels(source, syntax, target, result.report);
        pixelsCleaned = treatText(source, target, syntax, options, result.report);
    } else if (source.tagExists(DCM_FloatPixelData) || source.tagExists(DCM_DoubleFloatPixelData)) {
        copyFloatPixels(source, target);
    }
    addMethods(options, pixelsCleaned, target, result.report);
    const bool showsFeatures = firstValueOf(source, DCM_RecognizableVisualFeatures) == "YES";
    if (showsFeatures) result.report.warnings.push_back("the file says that its pixels show recognizable features");
    const bool saysOtherwise = showsFeatures || declaredText(target) == Declared::yes;
    result.report.identityRemoved = saysOtherwise ? "NO" : "YES";
    target.putAndInsertString(DCM_PatientIdentityRemoved, result.report.identityRemoved.c_str());
    result.file = written(target, syntax);
    result.outcome = Outcome::written;
    return result;
}

}  // namespace

Result deidentify(std::span<const std::uint8_t> file, const Options &options, const Key &key) {
    const auto failed = [](Outcome outcome, const char *reason) {
        Result result;
        result.outcome = outcome;
        result.reason = reason;
        return result;
    };
    try {
        return deidentified(file, options, key);
    } catch (const PixelProblem &problem) {
        return failed(Outcome::heldBack, problem.what());
    } catch (const std::bad_alloc &) {
        throw;
    } catch (const std::exception &problem) {
        return failed(Outcome::refused, problem.what());
    }
}

void prepare() {
    extendDictionary();
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs(EDC_never);
    DJLSDecoderRegistration::registerCodecs();
}

}  // namespace deidentification
