#include "common/base/status_macros.h"
#include "services/appeals/media/media_scrubber.h"

namespace veche::appeals {
namespace {

// Chunks of the WebP container that the picture needs; EXIF, XMP and unknown ones are dropped.
constexpr absl::string_view kKept[] = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"};
constexpr size_t kFileHeaderBytes = 12;
constexpr size_t kHeaderBytes = 8;
constexpr uint32_t kExtendedBytes = 10;
constexpr char kExifAndXmp = 0x0C;  // flags of VP8X

class WebpScrubber final : public MediaScrubber {
 public:
  explicit WebpScrubber(blob::Writer& out) : out_(out), start_(out.size_bytes()) {}

  absl::Status Append(absl::string_view input) override {
    while (!input.empty()) {
      if (begun_ && in_file_ == 0) return absl::OkStatus();  // what follows the image is dropped
      if (in_chunk_ > 0) {
        RETURN_IF_ERROR(TakeData(input));
      } else if (!begun_) {
        if (!gather_.Until(kFileHeaderBytes, input)) return absl::OkStatus();
        RETURN_IF_ERROR(BeginFile());
      } else if (gather_.Until(kHeaderBytes, input)) {
        bool whole = absl::string_view(gather_.bytes()).substr(0, 4) != "VP8X" ||
                     gather_.Until(kHeaderBytes + kExtendedBytes, input);
        if (whole) RETURN_IF_ERROR(BeginChunk());
      }
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    if (!begun_ || in_file_ > 0) return Damaged("it is cut off");
    if (!pictured_) return Damaged("it has no picture");
    auto size = static_cast<uint64_t>(out_.size_bytes() - start_) - kHeaderBytes;
    char bytes[4];
    for (char& byte : bytes) {
      byte = static_cast<char>(size & 0xFF);
      size >>= 8;
    }
    return out_.Patch(start_ + 4, absl::string_view(bytes, sizeof bytes));
  }

 private:
  static absl::Status Damaged(absl::string_view what) { return FileDamaged("WebP", what); }

  absl::Status BeginFile() {
    begun_ = true;
    uint32_t size = Little(gather_.bytes(), 4, 4);
    if (size < 4 + kHeaderBytes) return Damaged("it has no picture");
    in_file_ = size - 4;
    return WriteGathered();
  }

  absl::Status BeginChunk() {
    uint64_t length = Little(gather_.bytes(), 4, 4);
    std::string type = gather_.bytes().substr(0, 4);
    if (in_file_ < kHeaderBytes || length > in_file_ - kHeaderBytes) {
      return Damaged("a chunk is longer than the file says it is");
    }
    bool extended = type == "VP8X";
    if (extended && (headed_ || length != kExtendedBytes))
      return Damaged("its header is not right");
    if (!headed_ && !extended && type != "VP8 " && type != "VP8L") {
      return Damaged("it does not start as an image");
    }
    headed_ = true;
    if (type == "VP8 " || type == "VP8L" || type == "ANMF") pictured_ = true;
    keep_ = std::find(std::begin(kKept), std::end(kKept), type) != std::end(kKept);
    in_file_ -= kHeaderBytes;
    in_chunk_ = length;
    // Chunks are padded to an even length; some writers forget it at the end of the file.
    bool odd = length % 2 == 1;
    if (odd && in_file_ > length) ++in_chunk_;
    pad_after_ = odd && in_file_ == length;
    if (extended) {
      gather_.bytes()[kHeaderBytes] &= static_cast<char>(~kExifAndXmp);
      in_file_ -= kExtendedBytes;
      in_chunk_ = 0;
    }
    if (keep_) return WriteGathered();
    gather_.Clear();
    return absl::OkStatus();
  }

  absl::Status TakeData(absl::string_view& input) {
    absl::string_view data = TakePrefix(in_chunk_, input);
    in_chunk_ -= data.size();
    in_file_ -= data.size();
    if (!keep_) return absl::OkStatus();
    RETURN_IF_ERROR(out_.Append(data));
    if (in_chunk_ == 0 && pad_after_) return out_.Append(absl::string_view("\0", 1));
    return absl::OkStatus();
  }

  absl::Status WriteGathered() {
    absl::Status written = out_.Append(gather_.bytes());
    gather_.Clear();
    return written;
  }

  blob::Writer& out_;
  const int64_t start_;
  Gather gather_;
  uint64_t in_file_ = 0;   // bytes left of what the file says it has
  uint64_t in_chunk_ = 0;  // bytes left of the chunk
  bool begun_ = false;
  bool headed_ = false;
  bool pictured_ = false;
  bool keep_ = false;
  bool pad_after_ = false;
};

}  // namespace

std::unique_ptr<MediaScrubber> MakeWebpScrubber(blob::Writer& out) {
  return std::make_unique<WebpScrubber>(out);
}

}  // namespace veche::appeals
