#include <iterator>

#include "absl/strings/ascii.h"
#include "common/base/status_macros.h"
#include "services/appeals/media/media_scrubber.h"

namespace veche::appeals {
namespace {

// Chunks that the picture needs (PNG, third edition); others are dropped when they are auxiliary.
constexpr absl::string_view kCritical[] = {"IHDR", "PLTE", "IDAT", "IEND"};
constexpr absl::string_view kAuxiliary[] = {"cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP",
                                            "mDCV", "cLLI", "bKGD", "hIST", "tRNS", "pHYs",
                                            "sPLT", "acTL", "fcTL", "fdAT"};
constexpr size_t kSignatureBytes = 8;
constexpr size_t kHeaderBytes = 8;
constexpr uint32_t kHeaderChunkBytes = 13;
constexpr uint32_t kMaxChunk = 0x7FFFFFFF;

template <typename List>
bool Contains(const List& list, absl::string_view type) {
  return std::find(std::begin(list), std::end(list), type) != std::end(list);
}

class PngScrubber final : public MediaScrubber {
 public:
  explicit PngScrubber(blob::Writer& out) : out_(out) {}

  absl::Status Append(absl::string_view input) override {
    while (!input.empty()) {
      if (done_) return absl::OkStatus();  // what follows the image is dropped
      if (remaining_ > 0) {
        absl::string_view data = TakePrefix(remaining_, input);
        remaining_ -= data.size();
        if (keep_) RETURN_IF_ERROR(out_.Append(data));
        if (remaining_ == 0 && last_) done_ = true;
      } else if (!signed_) {
        if (!gather_.Until(kSignatureBytes, input)) return absl::OkStatus();
        signed_ = true;
        RETURN_IF_ERROR(WriteGathered());
      } else if (gather_.Until(kHeaderBytes, input)) {
        RETURN_IF_ERROR(BeginChunk());
      }
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override { return done_ ? absl::OkStatus() : Damaged("it is cut off"); }

 private:
  static absl::Status Damaged(absl::string_view what) { return FileDamaged("PNG", what); }

  absl::Status BeginChunk() {
    uint32_t length = Big(gather_.bytes(), 0, 4);
    absl::string_view type = absl::string_view(gather_.bytes()).substr(4);
    if (length > kMaxChunk) return Damaged("a chunk is too long");
    bool critical = absl::ascii_isupper(type[0]);
    if (critical ? !Contains(kCritical, type) : !absl::ascii_islower(type[0])) {
      return Damaged("it has a chunk of an unknown type");
    }
    bool is_header = type == "IHDR";
    if (is_header == headed_ || (is_header && length != kHeaderChunkBytes)) {
      return Damaged("its header is not right");
    }
    headed_ = true;
    if (type == "IDAT") pictured_ = true;
    last_ = type == "IEND";
    if (last_ && (!pictured_ || length != 0)) return Damaged("it has no picture");
    keep_ = critical || Contains(kAuxiliary, type);
    remaining_ = uint64_t{length} + 4;  // and the checksum
    if (keep_) return WriteGathered();
    gather_.Clear();
    return absl::OkStatus();
  }

  absl::Status WriteGathered() {
    absl::Status written = out_.Append(gather_.bytes());
    gather_.Clear();
    return written;
  }

  blob::Writer& out_;
  Gather gather_;
  uint64_t remaining_ = 0;  // of the chunk
  bool keep_ = false;
  bool signed_ = false;
  bool headed_ = false;
  bool pictured_ = false;
  bool last_ = false;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<MediaScrubber> MakePngScrubber(blob::Writer& out) {
  return std::make_unique<PngScrubber>(out);
}

}  // namespace veche::appeals
