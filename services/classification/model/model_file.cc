#include "services/classification/model/model_file.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/model/model_bytes.h"

namespace veche::classification {
namespace {

constexpr absl::string_view kMagic = "VECHECLS";
constexpr uint32_t kFormat = 2;
constexpr size_t kDigest = SHA256_DIGEST_LENGTH;
constexpr size_t kHeader = 8 + 4 + 4 + kDigest;
static_assert(kHeader % kAlignment == 0);
constexpr uint32_t kMaxLabels = 10'000;
constexpr size_t kVersionDigits = 12;

std::string Digest(absl::string_view content) {
  unsigned char digest[kDigest];
  SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest);
  return std::string(reinterpret_cast<const char*>(digest), kDigest);
}

void PutReport(const TrainingReport& report, ByteWriter& out) {
  out.PutText(report.source);
  out.Put(report.examples);
  out.Put(report.city_examples);
  out.Put(report.accuracy);
  for (const HeadReport& head : report.heads) {
    out.Put(head.accuracy);
    out.Put(head.ece);
    out.Put(head.examples);
  }
}

TrainingReport GetReport(ByteReader& in) {
  TrainingReport report;
  report.source = in.GetText();
  report.examples = in.Get<uint32_t>();
  report.city_examples = in.Get<uint32_t>();
  report.accuracy = in.Get<double>();
  for (HeadReport& head : report.heads) {
    head.accuracy = in.Get<double>();
    head.ece = in.Get<double>();
    head.examples = in.Get<uint32_t>();
  }
  return report;
}

void PutCombination(const Combination& combination, ByteWriter& out) {
  out.PutAll<float>(combination.topic);
  out.PutAll<float>(combination.group);
  out.PutAll<float>(combination.department);
  for (const std::vector<float>& bias : combination.bias) out.PutAll<float>(bias);
  for (const Confidence& confidence : combination.confidence) {
    out.Put(confidence.slope);
    out.Put(confidence.offset);
  }
  out.PutAll<uint32_t>(combination.group_of);
  out.Put(static_cast<uint32_t>(combination.places.size()));
  for (const Place& place : combination.places) {
    out.PutText(place.name);
    out.PutAll<float>(place.topics);
    out.PutAll<float>(place.groups);
    out.PutAll<float>(place.departments);
  }
}

template <size_t n>
void GetFactors(ByteReader& in, std::array<float, n>& factors) {
  const std::vector<float> values = in.GetAll<float>();
  for (size_t i = 0; i < n && i < values.size(); ++i) factors[i] = values[i];
}

Combination GetCombination(ByteReader& in) {
  Combination combination;
  GetFactors(in, combination.topic);
  GetFactors(in, combination.group);
  GetFactors(in, combination.department);
  for (std::vector<float>& bias : combination.bias) bias = in.GetAll<float>();
  for (Confidence& confidence : combination.confidence) {
    confidence.slope = in.Get<float>();
    confidence.offset = in.Get<float>();
  }
  combination.group_of = in.GetAll<uint32_t>();
  const auto places = in.Get<uint32_t>();
  for (uint32_t i = 0; i < places && in.ok(); ++i) {
    Place place;
    place.name = in.GetText();
    place.topics = in.GetAll<float>();
    place.groups = in.GetAll<float>();
    place.departments = in.GetAll<float>();
    combination.places.push_back(std::move(place));
  }
  return combination;
}

std::string Content(const Model::Parts& parts) {
  ByteWriter out;
  PutReport(parts.report, out);
  const ColumnNames& columns = parts.columns;
  for (const std::string* name :
       {&columns.topic, &columns.group, &columns.department, &columns.place}) {
    out.PutText(*name);
  }
  for (size_t head = 0; head < kHeads; ++head) {
    out.Put(static_cast<uint32_t>(parts.labels[head].size()));
    for (const std::string& label : parts.labels[head]) out.PutText(label);
    out.Put(static_cast<uint8_t>(parts.layout.heads[head].count > 0));
  }
  PutCombination(parts.combination, out);
  out.PutArray(parts.fingerprints);
  out.PutArray(parts.biases);
  out.PutArray(parts.hashes);
  out.PutArray(parts.rarity);
  out.PutArray(parts.scales);
  out.PutArray(parts.rows);
  return out.Take();
}

bool AllFinite(absl::Span<const float> values) {
  for (float value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

absl::Status Refuse(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

absl::Status CheckCombination(const Model::Parts& parts) {
  const Combination& combination = parts.combination;
  const size_t topics = parts.labels[kTopic].size();
  const size_t groups = parts.labels[kGroup].size();
  const size_t departments = parts.labels[kDepartment].size();
  bool fits = combination.group_of.size() == topics && !combination.places.empty() &&
              AllFinite(combination.topic) && AllFinite(combination.group) &&
              AllFinite(combination.department);
  for (const Confidence& confidence : combination.confidence) {
    fits = fits && std::isfinite(confidence.slope) && std::isfinite(confidence.offset);
  }
  for (size_t head = 0; head < kHeads; ++head) {
    fits = fits && combination.bias[head].size() == parts.labels[head].size() &&
           AllFinite(combination.bias[head]);
  }
  for (uint32_t group : combination.group_of) fits = fits && group < groups;
  for (const Place& place : combination.places) {
    fits = fits && place.topics.size() == topics && place.groups.size() == groups &&
           place.departments.size() == topics * departments && AllFinite(place.topics) &&
           AllFinite(place.groups) && AllFinite(place.departments);
  }
  return fits ? absl::OkStatus() : Refuse("the model's probabilities do not fit its labels");
}

absl::Status CheckArrays(const Model::Parts& parts) {
  const size_t features = parts.hashes.size();
  if (parts.biases.size() != parts.layout.stride || parts.rarity.size() != features ||
      parts.scales.size() != features || parts.rows.size() != features * parts.layout.stride) {
    return Refuse("the model's weights do not fit its description");
  }
  for (size_t i = 1; i < features; ++i) {
    if (parts.hashes[i - 1] >= parts.hashes[i]) {
      return Refuse("the model's features are out of order");
    }
  }
  if (!AllFinite(parts.biases) || !AllFinite(parts.rarity) || !AllFinite(parts.scales)) {
    return Refuse("the model has weights that are not numbers");
  }
  return absl::OkStatus();
}

absl::StatusOr<Model::Parts> ParseContent(absl::string_view content) {
  ByteReader in(content);
  Model::Parts parts;
  parts.report = GetReport(in);
  for (std::string* name : {&parts.columns.topic, &parts.columns.group, &parts.columns.department,
                            &parts.columns.place}) {
    *name = in.GetText();
  }
  std::array<size_t, kHeads> columns{};
  for (size_t head = 0; head < kHeads; ++head) {
    const auto count = in.Get<uint32_t>();
    if (!in.ok() || count < 1 || count > kMaxLabels) {
      return Refuse("the model's description is invalid");
    }
    for (uint32_t i = 0; i < count && in.ok(); ++i) parts.labels[head].push_back(in.GetText());
    columns[head] = in.Get<uint8_t>() != 0 ? count : 0;
  }
  if (columns[kTopic] == 0) return Refuse("the model has no topics");
  parts.layout = MakeLayout(columns);
  parts.combination = GetCombination(in);
  parts.fingerprints = in.GetArray<uint64_t>();
  parts.biases = in.GetArray<float>();
  parts.hashes = in.GetArray<uint32_t>();
  parts.rarity = in.GetArray<float>();
  parts.scales = in.GetArray<float>();
  parts.rows = in.GetArray<int8_t>();
  if (!in.done()) return Refuse("the model's content does not fit its description");
  RETURN_IF_ERROR(CheckCombination(parts));
  RETURN_IF_ERROR(CheckArrays(parts));
  return parts;
}

// A file in memory.
struct Mapping {
  void* data = MAP_FAILED;
  size_t size = 0;
  ~Mapping() {
    if (data != MAP_FAILED) munmap(data, size);
  }
};

}  // namespace

absl::StatusOr<Model> BuildModel(Model::Parts parts, const ModelArrays& arrays) {
  parts.hashes = arrays.hashes;
  parts.rarity = arrays.rarity;
  parts.scales = arrays.scales;
  parts.biases = arrays.biases;
  parts.rows = arrays.rows;
  parts.fingerprints = arrays.fingerprints;
  const std::string content = Content(parts);
  std::string out(kMagic);
  for (uint32_t number : {kFormat, kFeatureSet}) {
    out.append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  return ParseModel(absl::StrCat(out, Digest(content), content));
}

std::string SerializeModel(const Model& model) { return std::string(model.bytes()); }

absl::StatusOr<Model> ParseModel(absl::string_view bytes) {
  auto copy = std::make_shared<const std::string>(bytes);
  return ParseModelInPlace(*copy, copy);
}

absl::StatusOr<Model> ParseModelInPlace(absl::string_view bytes,
                                        std::shared_ptr<const void> owner) {
  if (bytes.substr(0, kMagic.size()) != kMagic) return Refuse("this is not a Veche model");
  if (bytes.size() < kHeader) return Refuse("the model is cut short");
  uint32_t format = 0;
  uint32_t feature_set = 0;
  std::memcpy(&format, bytes.data() + 8, 4);
  std::memcpy(&feature_set, bytes.data() + 12, 4);
  if (format != kFormat) {
    return Refuse(absl::StrCat("the model has format ", format, ", this program reads ", kFormat));
  }
  if (feature_set != kFeatureSet) {
    return Refuse(absl::StrCat("the model was trained on feature set ", feature_set,
                               ", this program makes ", kFeatureSet, "; train it anew"));
  }
  if (reinterpret_cast<uintptr_t>(bytes.data()) % kAlignment != 0) return ParseModel(bytes);
  const absl::string_view content = bytes.substr(kHeader);
  const std::string digest = Digest(content);
  if (digest != bytes.substr(16, kDigest)) {
    return Refuse("the model's checksum does not match: it is damaged or cut short");
  }
  ASSIGN_OR_RETURN(Model::Parts parts, ParseContent(content));
  return Model(std::move(parts), bytes, absl::BytesToHexString(digest).substr(0, kVersionDigits),
               std::move(owner));
}

absl::StatusOr<Model> ReadModelFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  auto mapping = std::make_shared<Mapping>();
  struct stat about {};
  if (fstat(file, &about) == 0 && about.st_size > 0) {
    mapping->size = static_cast<size_t>(about.st_size);
    mapping->data = mmap(nullptr, mapping->size, PROT_READ, MAP_PRIVATE, file, 0);
  }
  close(file);
  if (mapping->data == MAP_FAILED && mapping->size > 0) {
    return absl::UnavailableError(absl::StrCat(path, ": cannot be read"));
  }
  const absl::string_view bytes(mapping->size == 0 ? "" : static_cast<const char*>(mapping->data),
                                mapping->size);
  absl::StatusOr<Model> model = ParseModelInPlace(bytes, mapping);
  if (!model.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", model.status().message()));
  }
  return model;
}

absl::Status WriteModelFile(const Model& model, const std::string& path) {
  const std::string draft = path + ".new";
  std::ofstream file(draft, std::ios::binary | std::ios::trunc);
  file.write(model.bytes().data(), static_cast<std::streamsize>(model.bytes().size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(draft, path, error);
  if (!file || error) {
    std::filesystem::remove(draft, error);
    return absl::UnavailableError(absl::StrCat(path, ": cannot be written"));
  }
  return absl::OkStatus();
}

}  // namespace veche::classification
