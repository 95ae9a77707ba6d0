#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "services/appeals/media/media_scrubber.h"

namespace veche::appeals {
namespace {

// Markers of ITU-T T.81, table B.1.
constexpr uint8_t kPrefix = 0xFF;
constexpr uint8_t kStartOfImage = 0xD8;
constexpr uint8_t kEndOfImage = 0xD9;
constexpr uint8_t kStartOfScan = 0xDA;
constexpr uint8_t kApp0 = 0xE0;
constexpr uint8_t kApp1 = 0xE1;
constexpr uint8_t kApp2 = 0xE2;
constexpr uint8_t kApp14 = 0xEE;
constexpr absl::string_view kExif("Exif\0\0", 6);

bool IsRestart(uint8_t marker) { return marker >= 0xD0 && marker <= 0xD7; }
// Markers that start a frame; the other markers in their range are tables.
bool IsFrame(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Whether the picture needs this segment; `body` begins after the length.
bool IsKept(uint8_t marker, absl::string_view body) {
  if (marker == kApp0) return absl::StartsWith(body, absl::string_view("JFIF\0", 5));
  if (marker == kApp2) return absl::StartsWith(body, absl::string_view("ICC_PROFILE\0", 12));
  if (marker == kApp14) return absl::StartsWith(body, "Adobe");
  return (marker >= 0xC0 && marker <= 0xCF) || (marker >= kStartOfScan && marker <= 0xDF);
}

// The orientation (1 to 8) in the TIFF of an EXIF segment; 1, "as it is", when it cannot be read.
uint32_t Orientation(absl::string_view tiff) {
  constexpr uint32_t kTag = 0x0112;
  constexpr uint32_t kShort = 3;
  if (tiff.size() < 8) return 1;
  bool big = absl::StartsWith(tiff, "MM");
  if (!big && !absl::StartsWith(tiff, "II")) return 1;
  auto number = [&](size_t offset, size_t count) {
    return big ? Big(tiff, offset, count) : Little(tiff, offset, count);
  };
  size_t directory = number(4, 4);
  if (number(2, 2) != 42 || directory > tiff.size() - 2) return 1;
  size_t entries = number(directory, 2);
  for (size_t i = 0; i < entries; ++i) {
    size_t entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.size()) return 1;
    if (number(entry, 2) != kTag || number(entry + 2, 2) != kShort) continue;
    uint32_t value = number(entry + 8, 2);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// An EXIF segment with the orientation alone.
std::string OrientationSegment(uint32_t orientation) {
  std::string segment("\xFF\xE1\x00\x22", 4);
  segment.append(kExif.data(), kExif.size());
  segment.append("MM\0\x2A\0\0\0\x08\0\x01", 10);   // one entry in the first directory
  segment.append("\x01\x12\0\x03\0\0\0\x01\0", 9);  // orientation: one SHORT
  segment.push_back(static_cast<char>(orientation));
  segment.append("\0\0\0\0\0\0", 6);  // padding; no next directory
  return segment;
}

class JpegScrubber final : public MediaScrubber {
 public:
  explicit JpegScrubber(blob::Writer& out) : out_(out) {}

  absl::Status Append(absl::string_view input) override {
    while (!input.empty()) {
      switch (state_) {
        case State::kStart:
        case State::kMarker:
          RETURN_IF_ERROR(TakeMarker(input));
          break;
        case State::kSegment:
          RETURN_IF_ERROR(TakeSegment(input));
          break;
        case State::kScan:
          RETURN_IF_ERROR(TakeScan(input));
          break;
        case State::kDone:  // other pictures, videos, places: dropped
          return absl::OkStatus();
      }
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    return state_ == State::kDone ? absl::OkStatus() : Damaged("it is cut off");
  }

 private:
  enum class State { kStart, kMarker, kSegment, kScan, kDone };

  static absl::Status Damaged(absl::string_view what) { return FileDamaged("JPEG", what); }

  absl::Status TakeMarker(absl::string_view& input) {
    if (!gather_.Until(2, input)) return absl::OkStatus();
    if (gather_.Byte(0) != kPrefix) return Damaged("a marker is missing");
    uint8_t marker = gather_.Byte(1);
    if (state_ == State::kStart) {
      if (marker != kStartOfImage) return Damaged("it does not start as an image");
      state_ = State::kMarker;
      return WriteGathered();
    }
    if (marker == kPrefix) {  // a fill byte
      gather_.bytes().resize(1);
      return absl::OkStatus();
    }
    if (marker == kEndOfImage) {
      if (!scanned_) return Damaged("it has no picture");
      state_ = State::kDone;
      return WriteGathered();
    }
    if (marker <= 0x01 || marker == kStartOfImage || IsRestart(marker)) {
      return Damaged("a marker is out of place");
    }
    state_ = State::kSegment;
    return absl::OkStatus();
  }

  // A segment has at most 64 KiB, so it is held until it is known whether it stays.
  absl::Status TakeSegment(absl::string_view& input) {
    if (!gather_.Until(4, input)) return absl::OkStatus();
    size_t length = Big(gather_.bytes(), 2, 2);
    if (length < 2) return Damaged("a segment has no length");
    if (!gather_.Until(2 + length, input)) return absl::OkStatus();
    uint8_t marker = gather_.Byte(1);
    absl::string_view body = absl::string_view(gather_.bytes()).substr(4);
    state_ = State::kMarker;
    if (IsFrame(marker)) framed_ = true;
    if (marker == kStartOfScan) {
      if (!framed_) return Damaged("a scan comes before its frame");
      scanned_ = true;
      state_ = State::kScan;
    }
    if (marker == kApp1 && absl::StartsWith(body, kExif)) return ReplaceExif(body);
    if (IsKept(marker, body)) return WriteGathered();
    gather_.Clear();
    return absl::OkStatus();
  }

  absl::Status ReplaceExif(absl::string_view body) {
    uint32_t orientation = Orientation(body.substr(kExif.size()));
    gather_.Clear();
    if (orientation == 1 || oriented_) return absl::OkStatus();
    oriented_ = true;
    return out_.Append(OrientationSegment(orientation));
  }

  // Copies the picture's data up to the next marker that does not belong to the data.
  absl::Status TakeScan(absl::string_view& input) {
    if (!after_prefix_) {
      size_t prefix = input.find(static_cast<char>(kPrefix));
      absl::string_view data =
          TakePrefix(prefix == absl::string_view::npos ? input.size() : prefix, input);
      after_prefix_ = prefix != absl::string_view::npos;
      if (after_prefix_) input.remove_prefix(1);
      return out_.Append(data);
    }
    auto marker = static_cast<uint8_t>(input[0]);
    if (marker == kPrefix) {  // a fill byte
      input.remove_prefix(1);
      return absl::OkStatus();
    }
    after_prefix_ = false;
    const char both[] = {static_cast<char>(kPrefix), input[0]};
    if (marker == 0x00 || IsRestart(marker)) {
      input.remove_prefix(1);
      return out_.Append(absl::string_view(both, 2));
    }
    gather_.bytes().assign(1, static_cast<char>(kPrefix));
    state_ = State::kMarker;
    return absl::OkStatus();
  }

  absl::Status WriteGathered() {
    absl::Status written = out_.Append(gather_.bytes());
    gather_.Clear();
    return written;
  }

  blob::Writer& out_;
  Gather gather_;
  State state_ = State::kStart;
  bool framed_ = false;
  bool scanned_ = false;
  bool oriented_ = false;
  bool after_prefix_ = false;
};

}  // namespace

std::unique_ptr<MediaScrubber> MakeJpegScrubber(blob::Writer& out) {
  return std::make_unique<JpegScrubber>(out);
}

}  // namespace veche::appeals
