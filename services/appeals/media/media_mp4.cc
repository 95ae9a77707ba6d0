#include <limits>
#include <vector>

#include "common/base/status_macros.h"
#include "services/appeals/media/media_scrubber.h"

namespace veche::appeals {
namespace {

// ISO/IEC 14496-12 boxes. Those with metadata become "free" boxes of zeros: of the same size,
// because the offsets of the samples count from the start of the file.
constexpr size_t kHeaderBytes = 8;
constexpr size_t kLargeHeaderBytes = 16;
constexpr uint64_t kToTheEnd = std::numeric_limits<uint64_t>::max();

bool IsMetadata(absl::string_view type) {
  return type == "udta" || type == "meta" || type == "uuid";
}

class Mp4Scrubber final : public MediaScrubber {
 public:
  explicit Mp4Scrubber(blob::Writer& out) : out_(out) {}

  absl::Status Append(absl::string_view input) override {
    while (!input.empty()) {
      if (in_box_ > 0) {
        RETURN_IF_ERROR(TakeContent(input));
      } else if (gather_.Until(kHeaderBytes, input)) {
        bool large = Big(gather_.bytes(), 0, 4) == 1;
        if (!large || gather_.Until(kLargeHeaderBytes, input)) RETURN_IF_ERROR(BeginBox());
      }
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    bool whole = in_box_ == 0 || in_box_ == kToTheEnd;
    if (!whole || !gather_.empty() || !containers_.empty()) return Damaged("it is cut off");
    return has_movie_ ? absl::OkStatus() : Damaged("it has no video");
  }

 private:
  static absl::Status Damaged(absl::string_view what) { return FileDamaged("video", what); }

  absl::Status BeginBox() {
    const size_t header = gather_.bytes().size();
    std::string type = gather_.bytes().substr(4, 4);
    uint64_t size = Big(gather_.bytes(), 0, 4);
    if (header == kLargeHeaderBytes) {
      size = uint64_t{Big(gather_.bytes(), 8, 4)} << 32 | Big(gather_.bytes(), 12, 4);
    }
    if (size == 0 && !containers_.empty()) return Damaged("a box has no length");
    uint64_t content = size == 0 ? kToTheEnd : size - header;
    if (size != 0 && size < header) return Damaged("a box is shorter than its header");
    if (!containers_.empty()) {
      if (size > containers_.back()) return Damaged("a box is longer than what holds it");
      containers_.back() -= size;
    }
    bool movie = type == "moov" && containers_.empty();
    bool track = type == "trak" && containers_.size() == 1;
    if (movie && size == 0) return Damaged("its movie box has no length");
    blank_ = IsMetadata(type);
    if (movie) has_movie_ = true;
    if (blank_) gather_.bytes().replace(4, 4, "free");
    RETURN_IF_ERROR(out_.Append(gather_.bytes()));
    gather_.Clear();
    if (movie || track) {
      containers_.push_back(content);
    } else {
      in_box_ = content;
    }
    CloseContainers();
    return absl::OkStatus();
  }

  absl::Status TakeContent(absl::string_view& input) {
    absl::string_view data = TakePrefix(in_box_, input);
    if (in_box_ != kToTheEnd) in_box_ -= data.size();
    RETURN_IF_ERROR(blank_ ? out_.Append(std::string(data.size(), '\0')) : out_.Append(data));
    CloseContainers();
    return absl::OkStatus();
  }

  void CloseContainers() {
    while (in_box_ == 0 && !containers_.empty() && containers_.back() == 0) containers_.pop_back();
  }

  blob::Writer& out_;
  Gather gather_;
  std::vector<uint64_t> containers_;  // bytes left of each open one: a movie, a track
  uint64_t in_box_ = 0;               // bytes left of the box that is being copied
  bool blank_ = false;
  bool has_movie_ = false;
};

}  // namespace

std::unique_ptr<MediaScrubber> MakeMp4Scrubber(blob::Writer& out) {
  return std::make_unique<Mp4Scrubber>(out);
}

}  // namespace veche::appeals
