#include "support.h"

#include <cstring>
#include <exception>
#include <limits>
#include <mutex>
#include <new>

#include <gdcm-3.0/gdcmImage.h>
#include <gdcm-3.0/gdcmSequenceOfFragments.h>
#include <gdcm-3.0/gdcmTrace.h>

namespace {

gdcm::TransferSyntax::TSType syntax(const ci_dicom_frame &frame) {
    switch (frame.codec) {
    case CI_DICOM_JPEG: return gdcm::TransferSyntax::JPEGLosslessProcess14;
    case CI_DICOM_JPEG_LS: return gdcm::TransferSyntax::JPEGLSLossless;
    case CI_DICOM_JPEG_2000: return gdcm::TransferSyntax::JPEG2000Lossless;
    }
    return gdcm::TransferSyntax::TS_END;
}

/// The frame as the only fragment of an image of one frame.
gdcm::DataElement pixel_data(const uint8_t *bytes, size_t length) {
    gdcm::Fragment fragment;
    fragment.SetByteValue(reinterpret_cast<const char *>(bytes), static_cast<uint32_t>(length));
    gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
    fragments->AddFragment(fragment);
    gdcm::DataElement element(gdcm::Tag(0x7fe0, 0x0010));
    element.SetVR(gdcm::VR::OB);
    element.SetValue(*fragments);
    return element;
}

ci_status decode(const uint8_t *bytes, size_t length, const ci_dicom_frame &frame, uint8_t *values,
                 size_t count, char *message) {
    gdcm::Image image;
    image.SetNumberOfDimensions(2);
    image.SetDimension(0, static_cast<unsigned>(frame.width));
    image.SetDimension(1, static_cast<unsigned>(frame.height));
    const auto allocated = static_cast<unsigned short>(frame.bits_allocated);
    // GDCM takes no fewer than all of eight bits.
    const auto stored = static_cast<unsigned short>(allocated == 8 ? 8 : frame.bits_stored);
    image.SetPixelFormat(gdcm::PixelFormat(
        static_cast<unsigned short>(frame.samples), allocated, stored,
        static_cast<unsigned short>(stored - 1), static_cast<unsigned short>(frame.is_signed)));
    image.SetPlanarConfiguration(0);
    image.SetPhotometricInterpretation(frame.samples == 1
                                           ? gdcm::PhotometricInterpretation::MONOCHROME2
                                           : gdcm::PhotometricInterpretation::RGB);
    image.SetTransferSyntax(syntax(frame));
    image.SetDataElement(pixel_data(bytes, length));
    if (image.GetBufferLength() != count)
        return ci_fail(CI_ARGUMENT, message, "the buffer does not fit");
    if (!image.GetBuffer(reinterpret_cast<char *>(values)))
        return ci_fail(CI_CORRUPT, message, "the code stream cannot be decoded");
    // Decoders set these to what they found in the code stream.
    if (image.GetBufferLength() != count)
        return ci_fail(CI_CORRUPT, message, "the code stream has another precision");
    return CI_OK;
}

/// GDCM remarks on the standard error output what is reported as an error here.
void quieten() {
    static std::once_flag once;
    std::call_once(once, [] {
        gdcm::Trace::DebugOff();
        gdcm::Trace::WarningOff();
        gdcm::Trace::ErrorOff();
    });
}

}  // namespace

ci_status ci_dicom_decode(const uint8_t *bytes, size_t length, const ci_dicom_frame *frame,
                          uint8_t *values, size_t count, char *message) {
    const bool sound = (frame->bits_allocated == 8 || frame->bits_allocated == 16) &&
                       frame->bits_stored > 0 && frame->bits_stored <= frame->bits_allocated &&
                       (frame->samples == 1 || frame->samples == 3) && length > 0 &&
                       length < std::numeric_limits<uint32_t>::max();
    const int32_t width = frame->samples * frame->bits_allocated / 8;
    if (!sound || !ci_fits(frame->width, frame->height, width, count))
        return ci_fail(CI_ARGUMENT, message, "the buffer does not fit");
    try {
        quieten();
        return decode(bytes, length, *frame, values, count, message);
    } catch (const std::bad_alloc &) {
        return ci_fail(CI_MEMORY, message, "out of memory");
    } catch (...) {
        return ci_fail(CI_CORRUPT, message, "the code stream cannot be decoded");
    }
}
