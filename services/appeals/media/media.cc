#include "services/appeals/media/media.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/appeals/media/media_scrubber.h"

namespace veche::appeals {
namespace {

constexpr size_t kHeadBytes = 16;
constexpr absl::string_view kJpeg = "image/jpeg";
constexpr absl::string_view kPng = "image/png";
constexpr absl::string_view kWebp = "image/webp";
constexpr absl::string_view kPdf = "application/pdf";
constexpr absl::string_view kMp4 = "video/mp4";
constexpr absl::string_view kQuickTime = "video/quicktime";
constexpr absl::string_view kText = "text/plain";
constexpr absl::string_view kTaken[] = {kJpeg, kPng, kWebp, kPdf, kMp4, kQuickTime, kText};

absl::Status Refused(absl::string_view reason, ErrorMetadata metadata = {}) {
  return MakeError(absl::StatusCode::kInvalidArgument, "appeals", reason, metadata);
}

absl::Status TypeNotTaken() { return Refused("FILE_TYPE_NOT_TAKEN"); }

// "image/jpeg" of "Image/JPG; q=1"; "" where the client leaves it open.
std::string Normalized(absl::string_view declared) {
  std::string type =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(declared.substr(0, declared.find(';'))));
  if (type == "image/jpg") return std::string(kJpeg);
  return type == "application/octet-stream" ? "" : type;
}

// By the major brand: video that browsers can play; not HEIC, AVIF or audio.
absl::string_view TypeByBrand(absl::string_view brand) {
  if (brand == "qt  ") return kQuickTime;
  for (absl::string_view prefix : {"iso", "mp4", "avc1", "M4V", "MSNV", "dash", "3gp", "mmp4"}) {
    if (absl::StartsWith(brand, prefix)) return kMp4;
  }
  return "";
}

// Valid UTF-8 whose only control characters are white space.
class TextScrubber final : public MediaScrubber {
 public:
  explicit TextScrubber(blob::Writer& out) : out_(out) {}

  absl::Status Append(absl::string_view bytes) override {
    if (std::any_of(bytes.begin(), bytes.end(), [](char c) {
          return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && !absl::ascii_isspace(c);
        })) {
      return FileDamaged("text", "it has control characters");
    }
    open_.append(bytes.data(), bytes.size());
    size_t whole = open_.size() - UnfinishedBytes();
    if (!text::IsValidUtf8(absl::string_view(open_).substr(0, whole))) return NotUtf8();
    RETURN_IF_ERROR(out_.Append(absl::string_view(open_).substr(0, whole)));
    open_.erase(0, whole);
    return absl::OkStatus();
  }

  absl::Status Finish() override { return open_.empty() ? absl::OkStatus() : NotUtf8(); }

 private:
  static absl::Status NotUtf8() { return FileDamaged("text", "it is not UTF-8"); }

  // The missing bytes of a character, which the next piece may complete.
  size_t UnfinishedBytes() const {
    for (size_t back = 1; back <= std::min<size_t>(3, open_.size()); ++back) {
      auto byte = static_cast<uint8_t>(open_[open_.size() - back]);
      if (byte < 0x80) return 0;
      size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 0;
      if (length > 0) return length > back ? back : 0;
    }
    return 0;
  }

  blob::Writer& out_;
  std::string open_;
};

class PassThrough final : public MediaScrubber {
 public:
  explicit PassThrough(blob::Writer& out) : out_(out) {}
  absl::Status Append(absl::string_view bytes) override { return out_.Append(bytes); }
  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  blob::Writer& out_;
};

std::unique_ptr<MediaScrubber> MakeScrubber(absl::string_view type, blob::Writer& out) {
  if (type == kJpeg) return MakeJpegScrubber(out);
  if (type == kPng) return MakePngScrubber(out);
  if (type == kWebp) return MakeWebpScrubber(out);
  if (type == kMp4 || type == kQuickTime) return MakeMp4Scrubber(out);
  if (type == kText) return std::make_unique<TextScrubber>(out);
  return std::make_unique<PassThrough>(out);
}

}  // namespace

absl::string_view TypeByContent(absl::string_view head) {
  if (absl::StartsWith(head, "\xFF\xD8\xFF")) return kJpeg;
  if (absl::StartsWith(head, "\x89PNG\r\n\x1A\n")) return kPng;
  if (absl::StartsWith(head, "RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP") {
    return kWebp;
  }
  if (absl::StartsWith(head, "%PDF-")) return kPdf;
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp") return TypeByBrand(head.substr(8, 4));
  return "";
}

MediaFilter::MediaFilter(absl::string_view declared_type, blob::Writer& out)
    : declared_(Normalized(declared_type)), out_(out) {}

MediaFilter::~MediaFilter() = default;

absl::Status MediaFilter::Begin() {
  if (!declared_.empty() &&
      std::find(std::begin(kTaken), std::end(kTaken), declared_) == std::end(kTaken)) {
    return TypeNotTaken();
  }
  content_type_ = TypeByContent(head_);
  if (content_type_.empty() && declared_.empty()) return TypeNotTaken();
  if (content_type_.empty() && declared_ == kText) content_type_ = kText;
  if (!declared_.empty() && content_type_ != declared_) {
    content_type_ = "";
    return Refused("FILE_TYPE_MISMATCH", {{"type", declared_}});
  }
  scrubber_ = MakeScrubber(content_type_, out_);
  return scrubber_->Append(head_);
}

absl::Status MediaFilter::Append(absl::string_view bytes) {
  if (scrubber_ != nullptr) return scrubber_->Append(bytes);
  absl::string_view head = TakePrefix(kHeadBytes - head_.size(), bytes);
  head_.append(head.data(), head.size());
  if (head_.size() < kHeadBytes) return absl::OkStatus();
  RETURN_IF_ERROR(Begin());
  return scrubber_->Append(bytes);
}

absl::Status MediaFilter::Finish() {
  if (scrubber_ == nullptr) {
    if (head_.empty()) return Refused("FILE_EMPTY");
    RETURN_IF_ERROR(Begin());
  }
  return scrubber_->Finish();
}

}  // namespace veche::appeals
