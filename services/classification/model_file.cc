#include "services/classification/model_file.h"

#include <openssl/sha.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::classification {
namespace {

constexpr absl::string_view kMagic = "VECHECLS";
constexpr uint32_t kFormat = 1;
constexpr size_t kDigest = SHA256_DIGEST_LENGTH;
constexpr size_t kHeader = 8 + 4 + 4 + kDigest;
constexpr uint32_t kMaxLabels = 10'000;
constexpr size_t kVersionDigits = 12;

template <typename T>
void Put(std::string& out, const T& value) {
  static_assert(std::is_arithmetic_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}
template <typename T>
void PutAll(std::string& out, absl::Span<const T> values) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}
void PutText(std::string& out, absl::string_view text) {
  Put(out, static_cast<uint32_t>(text.size()));
  out.append(text.data(), text.size());
}

// Reads the content; every read beyond its end fails.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : rest_(bytes) {}

  template <typename T>
  bool Get(T& value) {
    if (rest_.size() < sizeof(T)) return false;
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
    return true;
  }
  template <typename T>
  bool GetAll(size_t count, std::vector<T>& values) {
    if (count > rest_.size() / sizeof(T)) return false;
    values.resize(count);
    if (count > 0) std::memcpy(values.data(), rest_.data(), count * sizeof(T));
    rest_.remove_prefix(count * sizeof(T));
    return true;
  }
  bool GetText(std::string& text) {
    uint32_t size = 0;
    if (!Get(size) || size > rest_.size()) return false;
    text.assign(rest_.data(), size);
    rest_.remove_prefix(size);
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
};

std::string Digest(absl::string_view content) {
  unsigned char digest[kDigest];
  SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest);
  return std::string(reinterpret_cast<const char*>(digest), kDigest);
}

std::string Content(const Model::Parts& parts) {
  std::string out;
  PutText(out, parts.report.source);
  Put(out, parts.report.examples);
  Put(out, parts.report.accuracy);
  Put(out, parts.temperature);
  Put(out, parts.confident_from);
  Put(out, static_cast<uint32_t>(parts.labels.size()));
  for (const std::string& label : parts.labels) PutText(out, label);
  PutAll<float>(out, parts.biases);
  Put(out, static_cast<uint32_t>(parts.vocabulary.size()));
  PutAll(out, parts.vocabulary.hashes());
  PutAll(out, parts.vocabulary.idf());
  PutAll<float>(out, parts.scales);
  PutAll<int8_t>(out, parts.weights);
  return out;
}

bool AllFinite(const std::vector<float>& values) {
  for (float value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

absl::Status Refuse(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

absl::StatusOr<Model::Parts> ParseContent(absl::string_view content) {
  Reader reader(content);
  TrainingReport report;
  float temperature = 0;
  float confident_from = 0;
  uint32_t label_count = 0;
  if (!reader.GetText(report.source) || !reader.Get(report.examples) ||
      !reader.Get(report.accuracy) || !reader.Get(temperature) || !reader.Get(confident_from) ||
      !reader.Get(label_count)) {
    return Refuse("the model's description is cut short");
  }
  if (label_count < 2 || label_count > kMaxLabels || !(temperature > 0)) {
    return Refuse("the model's description makes no sense");
  }
  std::vector<std::string> labels(label_count);
  for (std::string& label : labels) {
    if (!reader.GetText(label) || label.empty()) return Refuse("the model's labels are cut short");
  }
  std::vector<float> biases, idf, scales;
  std::vector<uint32_t> hashes;
  std::vector<int8_t> weights;
  uint32_t features = 0;
  if (!reader.GetAll(label_count, biases) || !reader.Get(features) ||
      !reader.GetAll(features, hashes) || !reader.GetAll(features, idf) ||
      !reader.GetAll(features, scales) || !reader.GetAll(size_t{features} * label_count, weights) ||
      !reader.done()) {
    return Refuse("the model's weights do not fit its description");
  }
  for (size_t i = 1; i < hashes.size(); ++i) {
    if (hashes[i - 1] >= hashes[i]) return Refuse("the model's features are out of order");
  }
  if (!AllFinite(biases) || !AllFinite(idf) || !AllFinite(scales)) {
    return Refuse("the model has weights that are not numbers");
  }
  return Model::Parts{std::move(labels),  Vocabulary(std::move(hashes), std::move(idf)),
                      std::move(weights), std::move(scales),
                      std::move(biases),  temperature,
                      confident_from,     std::move(report)};
}

}  // namespace

std::string SerializeModel(const Model& model) {
  const std::string content = Content(model.parts());
  std::string out(kMagic);
  Put(out, kFormat);
  Put(out, kFeatureSet);
  out += Digest(content);
  out += content;
  return out;
}

absl::StatusOr<Model> ParseModel(absl::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic) return Refuse("this is no Veche model");
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
  const absl::string_view content = bytes.substr(kHeader);
  if (Digest(content) != bytes.substr(16, kDigest)) {
    return Refuse("the model's checksum does not match: it is damaged or cut short");
  }
  ASSIGN_OR_RETURN(Model::Parts parts, ParseContent(content));
  return Model(std::move(parts));
}

absl::StatusOr<Model> ReadModelFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return absl::UnavailableError(absl::StrCat(path, ": cannot be read"));
  absl::StatusOr<Model> model = ParseModel(bytes);
  if (!model.ok())
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", model.status().message()));
  return model;
}

absl::Status WriteModelFile(const Model& model, const std::string& path) {
  const std::string bytes = SerializeModel(model);
  const std::string draft = path + ".new";
  std::ofstream file(draft, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(draft, path, error);
  if (!file || error) {
    std::filesystem::remove(draft, error);
    return absl::UnavailableError(absl::StrCat(path, ": cannot be written"));
  }
  return absl::OkStatus();
}

std::string ModelVersion(const Model::Parts& parts) {
  return absl::BytesToHexString(Digest(Content(parts))).substr(0, kVersionDigits);
}

}  // namespace veche::classification
