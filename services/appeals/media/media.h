#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/blob/store.h"

// The accepted types of attachments, and the removal of metadata that tells about the maker: where
// a photo was taken, when, with which phone.

namespace veche::appeals {

class MediaScrubber;

// The type that the first bytes of a file (16 suffice) show: "image/jpeg", "image/png",
// "image/webp", "application/pdf", "video/mp4", "video/quicktime"; "" for any other. Plain text
// cannot be recognised so. HEIC is refused: its metadata cannot be removed in one pass.
absl::string_view TypeByContent(absl::string_view head);

// Passes one file on to a blob writer without its metadata, piece by piece; holds 64 KiB of it at
// most, whatever the file claims.
// - JPEG: application segments but JFIF, ICC profile and Adobe's, comments, and what follows the
//   image go; of EXIF the orientation stays.
// - PNG, WebP: text, EXIF, XMP, time and unknown auxiliary chunks go, and what follows the image.
// - MP4, QuickTime: user data and metadata boxes are blanked (the place of the recording is there).
// - PDF and text/plain (valid UTF-8 without control characters) stay as they are.
//
// Errors are InvalidArgument with reason FILE_TYPE_NOT_TAKEN (a type that is none of these),
// FILE_TYPE_MISMATCH (the content is not of the declared type), FILE_EMPTY, FILE_DAMAGED (not what
// its format requires, or cut off), and those of the writer. Not thread-safe.
class MediaFilter {
 public:
  // `declared_type` is the Content-Type of the upload, parameters and all; "" and
  // "application/octet-stream" leave it to the content. `out` must outlive it.
  MediaFilter(absl::string_view declared_type, blob::Writer& out);
  ~MediaFilter();

  absl::Status Append(absl::string_view bytes);
  // Call once after the last piece; commit the writer after it was OK.
  absl::Status Finish();

  // The type of the content; "" while it is unknown. REQUIRES for a final answer: Finish was OK.
  absl::string_view content_type() const { return content_type_; }

 private:
  absl::Status Begin();

  std::string declared_;
  blob::Writer& out_;
  std::string head_;  // until the type is known
  absl::string_view content_type_;
  std::unique_ptr<MediaScrubber> scrubber_;  // of the format
};

}  // namespace veche::appeals
