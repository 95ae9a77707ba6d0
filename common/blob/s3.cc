#include "common/blob/s3.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/blob/key.h"
#include "common/blob/s3_client.h"
#include "common/blob/s3_writer.h"
#include "common/blob/spool.h"
#include "common/crypto/sha256.h"

namespace veche::blob {
namespace {

using http_client::Response;

constexpr int64_t kRange = 1 << 20;

// Reads an object in ranges: each is a short request that can be repeated, and a slow reader holds
// no connection.
class S3Reader final : public Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Reader>> Open(S3Client& client, absl::string_view key) {
    std::unique_ptr<S3Reader> reader(new S3Reader(client, key));
    RETURN_IF_ERROR(reader->Fetch());
    return reader;
  }

  int64_t size_bytes() const override { return size_; }

  absl::StatusOr<std::string> Read(size_t limit) override {
    if (taken_ == range_.size() && fetched_ < size_) RETURN_IF_ERROR(Fetch());
    std::string bytes = range_.substr(taken_, limit);
    taken_ += bytes.size();
    return bytes;
  }

 private:
  S3Reader(S3Client& client, absl::string_view key) : client_(client), key_(key) {}

  absl::Status Fetch();
  absl::Status Take(Response answer);

  S3Client& client_;
  const std::string key_;
  int64_t size_ = -1;  // not known yet
  int64_t fetched_ = 0;
  std::string range_;
  size_t taken_ = 0;  // of the range
  crypto::Sha256Digest digest_;
};

absl::Status S3Reader::Fetch() {
  ASSIGN_OR_RETURN(
      Response answer,
      client_.Call(
          {.method = "GET",
           .key = key_,
           .query = "",
           .headers = {{"range", absl::StrCat("bytes=", fetched_, "-", fetched_ + kRange - 1)}}}));
  if (answer.status == 404) return fetched_ == 0 ? BlobNotFound() : StorageUnavailable();
  if (answer.status == 416) {  // no byte satisfies a range of an empty object
    if (fetched_ != 0) return client_.ReportDamage(key_);
    answer.body.clear();
    size_ = 0;
  }
  RETURN_IF_ERROR(Take(std::move(answer)));
  if (fetched_ < size_) return absl::OkStatus();
  return absl::BytesToHexString(digest_.Finish()) == Sha256Of(key_) ? absl::OkStatus()
                                                                    : client_.ReportDamage(key_);
}

absl::Status S3Reader::Take(Response answer) {
  int64_t total = answer.status == 206 ? -1 : static_cast<int64_t>(answer.body.size());
  if (answer.status == 206) {
    const absl::string_view range = answer.Header("content-range");  // "bytes 0-99/1234"
    const size_t slash = range.find('/');
    if (slash == absl::string_view::npos || !absl::SimpleAtoi(range.substr(slash + 1), &total)) {
      return client_.ReportDamage(key_);
    }
  }
  if (size_ < 0) size_ = total;
  const int64_t rest = std::min(kRange, size_ - fetched_);
  if (total != size_ ||
      (answer.status == 206 && static_cast<int64_t>(answer.body.size()) != rest)) {
    return client_.ReportDamage(key_);
  }
  digest_.Add(answer.body);
  fetched_ += static_cast<int64_t>(answer.body.size());
  range_ = std::move(answer.body);
  taken_ = 0;
  return absl::OkStatus();
}

struct Page {
  std::vector<std::pair<std::string, absl::Time>> objects;  // names and ages
  bool last = true;
};

absl::StatusOr<Page> ReadPage(absl::string_view xml) {
  Page page;
  page.last = XmlText(xml, "IsTruncated") != "true";
  while (true) {
    const absl::string_view object = XmlText(xml, "Contents");
    if (object.empty()) return page;
    absl::Time modified;
    const std::string time(XmlText(object, "LastModified"));
    if (!absl::ParseTime(absl::RFC3339_full, time, &modified, nullptr)) return StorageUnavailable();
    page.objects.emplace_back(XmlText(object, "Key"), modified);
    xml.remove_prefix(static_cast<size_t>(object.data() + object.size() - xml.data()));
  }
}

class S3Store final : public Store {
 public:
  explicit S3Store(std::unique_ptr<S3Client> client) : client_(std::move(client)) {}

  absl::StatusOr<std::unique_ptr<Writer>> Create(int64_t max_bytes) override {
    return S3Writer::Create(*client_, /*key=*/"", max_bytes);
  }

  absl::StatusOr<std::unique_ptr<Writer>> CreateCopy(absl::string_view key,
                                                     int64_t max_bytes) override {
    if (!IsKey(key)) return BlobNotFound();
    return S3Writer::Create(*client_, key, max_bytes);
  }

  absl::StatusOr<std::unique_ptr<Reader>> Open(absl::string_view key) override {
    if (!IsKey(key)) return BlobNotFound();
    return S3Reader::Open(*client_, key);
  }

  absl::Status ForEachOlder(absl::Time before,
                            absl::FunctionRef<bool(absl::string_view)> visit) override;
  absl::StatusOr<bool> DeleteOlder(absl::string_view key, absl::Time before) override;

 private:
  absl::StatusOr<Page> List(absl::string_view after);

  const std::unique_ptr<S3Client> client_;
};

absl::StatusOr<Page> S3Store::List(absl::string_view after) {
  std::string query = absl::StrCat("list-type=2&max-keys=", client_->options().list_page,
                                   "&prefix=", PercentEncode(client_->options().prefix));
  if (!after.empty()) absl::StrAppend(&query, "&start-after=", PercentEncode(after));
  ASSIGN_OR_RETURN(const Response answer,
                   client_->Call({.method = "GET", .key = "", .query = std::move(query)}));
  if (answer.status != 200) return StorageUnavailable();
  return ReadPage(answer.body);
}

absl::Status S3Store::ForEachOlder(absl::Time before,
                                   absl::FunctionRef<bool(absl::string_view)> visit) {
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const Page page, List(after));
    for (const auto& [name, modified] : page.objects) {
      absl::string_view key = name;
      if (!absl::ConsumePrefix(&key, client_->options().prefix)) continue;
      if (IsKey(key) && modified < before && !visit(key)) return absl::OkStatus();
    }
    if (page.last) return absl::OkStatus();
    // A store that answers with the same page again must not be asked for ever.
    if (page.objects.empty() || page.objects.back().first <= after) return StorageUnavailable();
    after = page.objects.back().first;
  }
}

// The object cannot be written again between the two requests: every commit has its own key.
absl::StatusOr<bool> S3Store::DeleteOlder(absl::string_view key, absl::Time before) {
  if (!IsKey(key)) return BlobNotFound();
  ASSIGN_OR_RETURN(const Response object,
                   client_->Call({.method = "HEAD", .key = std::string(key), .query = ""}));
  if (object.status == 404) return true;
  absl::Time modified;
  const std::string time(object.Header("last-modified"));
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", time, &modified, nullptr)) {
    return StorageUnavailable();
  }
  if (modified >= before) return false;
  RETURN_IF_ERROR(
      client_->Call({.method = "DELETE", .key = std::string(key), .query = ""}).status());
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenS3(S3Options options, observe::Telemetry telemetry) {
  std::error_code error;
  std::filesystem::create_directories(options.spool, error);
  if (error) return StorageError(error.value());
  ASSIGN_OR_RETURN(std::unique_ptr<S3Client> client,
                   S3Client::Create(std::move(options), std::move(telemetry)));
  return std::make_unique<S3Store>(std::move(client));
}

}  // namespace veche::blob
