#include "common/blob/s3_client.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "absl/algorithm/container.h"
#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/blob/key.h"
#include "common/crypto/sha256.h"

namespace veche::blob {
namespace {

using http_client::Response;

constexpr size_t kMostAnswerBytes = 4 << 20;  // a megabyte of a file, or a page of a list
constexpr size_t kMostCode = 64;

enum class Verdict { kGood, kFull, kAgain, kRefused };

// The error code of S3, which only letters and digits make fit for a log.
std::string CodeOf(const Response& answer) {
  const absl::string_view code = XmlText(answer.body, "Code");
  const bool clean = code.size() <= kMostCode &&
                     absl::c_all_of(code, [](char c) { return absl::ascii_isalnum(c); });
  return clean ? std::string(code) : "";
}

Verdict Judge(const S3Request& request, const Response& answer, absl::string_view code) {
  static constexpr int kPassing[] = {408, 429, 500, 502, 503, 504};
  static constexpr absl::string_view kPassingCodes[] = {
      "BadDigest", "InternalError", "RequestTimeout", "SlowDown", "XAmzContentSHA256Mismatch"};
  static constexpr absl::string_view kFullCodes[] = {"InsufficientCapacity", "QuotaExceeded",
                                                     "XMinioStorageFull"};
  if (answer.status >= 200 && answer.status < 300) {
    // The end of an upload in parts may fail after the status was sent.
    return request.method == "POST" && absl::StrContains(answer.body, "<Error>") ? Verdict::kAgain
                                                                                 : Verdict::kGood;
  }
  if (answer.status == 416) return Verdict::kGood;
  if (answer.status == 404) return code == "NoSuchBucket" ? Verdict::kRefused : Verdict::kGood;
  if (answer.status == 507 || absl::c_linear_search(kFullCodes, code)) return Verdict::kFull;
  return absl::c_linear_search(kPassing, answer.status) ||
                 absl::c_linear_search(kPassingCodes, code)
             ? Verdict::kAgain
             : Verdict::kRefused;
}

absl::Duration WithJitter(absl::Duration pause) {
  absl::BitGen random;
  return pause * absl::Uniform(random, 0.5, 1.0);
}

}  // namespace

absl::string_view XmlText(absl::string_view xml, absl::string_view name) {
  const std::string begin = absl::StrCat("<", name, ">");
  const size_t from = xml.find(begin);
  if (from == absl::string_view::npos) return "";
  xml.remove_prefix(from + begin.size());
  const size_t to = xml.find(absl::StrCat("</", name, ">"));
  return to == absl::string_view::npos ? "" : xml.substr(0, to);
}

std::string PercentEncode(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (absl::ascii_isalnum(c) || absl::StrContains("-._~", c)) {
      encoded.push_back(c);
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

absl::StatusOr<std::unique_ptr<S3Client>> S3Client::Create(S3Options options,
                                                           observe::Telemetry telemetry) {
  http_client::Options http{.ca_file = options.ca_file,
                            .private_addresses = true,  // the operator chose the address
                            .plain_http = absl::StartsWith(options.url, "http://"),
                            .most_answer_bytes = kMostAnswerBytes,
                            .per_host = options.concurrency,
                            .connect_timeout = options.connect_timeout,
                            .signature = http_client::AwsSignature{.region = options.region,
                                                                   .service = "s3",
                                                                   .key_id = options.key_id,
                                                                   .secret = options.secret}};
  ASSIGN_OR_RETURN(auto client, http_client::Client::Create(std::move(http)));
  options.secret.clear();
  return std::unique_ptr<S3Client>(
      new S3Client(std::move(options), std::move(telemetry), std::move(client)));
}

S3Client::S3Client(S3Options options, observe::Telemetry telemetry,
                   std::unique_ptr<http_client::Client> http)
    : options_(std::move(options)),
      telemetry_(std::move(telemetry)),
      reachable_(prometheus::BuildGauge()
                     .Name("veche_blob_store_reachable")
                     .Help("Whether the store of files answered the last request: 1 or 0.")
                     .Register(*telemetry_.metrics)
                     .Add({})),
      http_(std::move(http)) {
  reachable_.Set(1);
}

http_client::Request S3Client::Build(const S3Request& request) const {
  http_client::Request built{.method = request.method,
                             .url = absl::StrCat(options_.url, "/", options_.bucket),
                             .headers = request.headers,
                             .body = request.body,
                             .timeout = options_.timeout};
  if (!request.key.empty()) absl::StrAppend(&built.url, "/", options_.prefix, request.key);
  if (!request.query.empty()) absl::StrAppend(&built.url, "?", request.query);
  built.headers.emplace_back("x-amz-content-sha256",
                             request.sha256.empty()
                                 ? absl::BytesToHexString(crypto::Sha256(request.body))
                                 : request.sha256);
  return built;
}

absl::StatusOr<Response> S3Client::Call(const S3Request& request) {
  if (!Begin()) return StorageUnavailable();
  absl::StatusOr<Response> answer = Try(request);
  End();
  return answer;
}

absl::StatusOr<Response> S3Client::Try(const S3Request& request) {
  absl::Duration pause = options_.first_pause;
  for (int attempt = 1;; ++attempt, pause *= 4) {
    absl::StatusOr<Response> answer = http_->Fetch(Build(request));
    Verdict verdict = Verdict::kAgain;
    std::string why(answer.status().message());
    if (answer.ok()) {
      const std::string code = CodeOf(*answer);
      verdict = Judge(request, *answer, code);
      why = absl::StrCat("HTTP ", answer->status, " ", code);
    }
    if (verdict == Verdict::kGood || verdict == Verdict::kFull) {
      Worked();
      if (verdict == Verdict::kFull) return DiskFull();
      return answer;
    }
    if (verdict == Verdict::kRefused) return Failed(why, /*rest=*/false);
    if (attempt == options_.tries) return Failed(why, /*rest=*/true);
    absl::SleepFor(WithJitter(pause));
  }
}

bool S3Client::Begin() {
  absl::MutexLock lock(&mutex_);
  if (running_ == options_.concurrency) return false;
  if (next_try_ != absl::InfinitePast()) {
    if (absl::Now() < next_try_) return false;
    next_try_ = absl::InfiniteFuture();  // until Worked or Failed
  }
  ++running_;
  return true;
}

void S3Client::End() {
  absl::MutexLock lock(&mutex_);
  --running_;
}

void S3Client::Worked() {
  {
    absl::MutexLock lock(&mutex_);
    next_try_ = absl::InfinitePast();
    if (!std::exchange(away_, false)) return;
  }
  reachable_.Set(1);
  telemetry_.logger->Info("file store answers again");
}

absl::Status S3Client::Failed(absl::string_view why, bool rest) {
  {
    absl::MutexLock lock(&mutex_);
    // A refusal is quick, and may be of one object alone.
    next_try_ = rest ? absl::Now() + options_.rest : absl::InfinitePast();
    if (std::exchange(away_, true)) return StorageUnavailable();
  }
  reachable_.Set(0);
  telemetry_.logger->Error("file store fails", {{"bucket", options_.bucket}, {"why", why}});
  return StorageUnavailable();
}

absl::Status S3Client::ReportDamage(absl::string_view key) {
  telemetry_.logger->Error("file in the store is damaged", {{"key", key}});
  return BlobDamaged();
}

}  // namespace veche::blob
