// A DICOM file as DCMTK reads it, and the few accessors that the rest of the program uses.
#pragma once

#include "problem.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfilefo.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace worker {

/// A file's bytes, mapped as long as this lives.
class Mapping {
  public:
    /// Throws `Code::truncated` for an empty file, `Code::memory`.
    explicit Mapping(int descriptor);
    ~Mapping();
    Mapping(const Mapping &) = delete;
    Mapping &operator=(const Mapping &) = delete;
    const uint8_t *bytes() const { return bytes_; }
    size_t count() const { return count_; }

  private:
    const uint8_t *bytes_ = nullptr;
    size_t count_ = 0;
};

/// How the file's data set and pixels are encoded (PS3.5 chapter 10, PS3.6 annex A).
struct Syntax {
    std::string uid;   // empty where the file has no meta information
    std::string name;  // what a person calls it
    bool is_encapsulated = false;
    bool is_big_endian = false;
};

class DataSet {
  public:
    /// With or without preamble and meta information, deflated or not.
    ///
    /// Throws `Code::truncated`, `Code::corrupt`, `Code::unsupported` for a transfer syntax.
    explicit DataSet(const Mapping &file);

    DcmDataset &root() const { return *format_->getDataset(); }
    const Syntax &syntax() const { return syntax_; }
    /// What was not as the standard wants it, and read nevertheless.
    const std::vector<std::string> &remarks() const { return remarks_; }

  private:
    std::unique_ptr<DcmFileFormat> format_;
    Syntax syntax_;
    std::vector<std::string> remarks_;
};

/// The element of exactly this item; null where there is none or it has no value.
DcmElement *element(DcmItem &item, const DcmTagKey &tag);
/// Text without padding, all values; none where the element is missing or empty.
std::optional<std::string> text(DcmItem &item, const DcmTagKey &tag);
/// A term that the standard itself defines; none for anything else, which may be somebody's name.
std::optional<std::string> code(DcmItem &item, const DcmTagKey &tag);
/// Whole numbers of any binary kind (US, SS, UL, SL, OB, OW) or IS.
std::vector<int64_t> integers(DcmItem &item, const DcmTagKey &tag);
std::optional<int64_t> integer(DcmItem &item, const DcmTagKey &tag);
/// The values of DS between backslashes, none where one is empty.
///
/// Throws `Code::corrupt` with this name where one is no decimal number.
std::vector<std::optional<double>> decimals(DcmItem &item, const DcmTagKey &tag, const char *name);
/// The items of a sequence, none where it is missing.
std::vector<DcmItem *> items(DcmItem &item, const DcmTagKey &tag);

}  // namespace worker
