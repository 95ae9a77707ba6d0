#include "common/blob/open.h"

#include <fstream>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/blob/s3.h"

namespace veche::blob {
namespace {

absl::Status ReadCredentials(const std::string& file, S3Options& options) {
  std::ifstream in(file);
  std::getline(in, options.key_id);
  std::getline(in, options.secret);
  absl::StripAsciiWhitespace(&options.key_id);
  absl::StripAsciiWhitespace(&options.secret);
  if (!options.key_id.empty() && !options.secret.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("blobs.s3.credentialsFile: ", file,
                   " must have two lines: the id of the access key and its secret."));
}

absl::StatusOr<S3Options> OptionsOf(const config::v1::S3& config) {
  S3Options options{.url = std::string(absl::StripSuffix(config.url(), "/")),
                    .bucket = config.bucket(),
                    .encryption = config.encryption(),
                    .ca_file = config.ca_file()};
  if (!config.region().empty()) options.region = config.region();
  RETURN_IF_ERROR(ReadCredentials(config.credentials_file(), options));
  return options;
}

// Of "host:port", where an IPv6 address has brackets.
bool IsLoopback(absl::string_view host) {
  return absl::StartsWith(host, "[::1]") || host.substr(0, host.find(':')) == "localhost" ||
         host.substr(0, host.find(':')) == "127.0.0.1";
}

// Without what would need escaping in a URL.
bool IsBucket(absl::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && absl::c_all_of(name, [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '.';
         });
}

bool IsRegion(absl::string_view name) {
  return absl::c_all_of(name,
                        [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_'; });
}

}  // namespace

std::vector<std::string> S3Faults(const config::v1::S3& config) {
  std::vector<std::string> faults;
  absl::string_view host = absl::StripSuffix(config.url(), "/");
  const bool https = absl::ConsumePrefix(&host, "https://");
  if (!https && !(absl::ConsumePrefix(&host, "http://") && IsLoopback(host))) {
    faults.push_back("url: must begin with https://; http:// is for this machine alone.");
  } else if (host.empty() || host.find_first_of("/@?#") != absl::string_view::npos) {
    faults.push_back("url: must be like https://s3.example.org, without a path.");
  }
  if (!IsBucket(config.bucket())) {
    faults.push_back("bucket: must be 3 to 63 of a-z, 0-9, \"-\" and \".\".");
  }
  if (!IsRegion(config.region())) faults.push_back("region: must be like eu-central-1.");
  if (config.credentials_file().empty()) {
    faults.push_back(
        "credentialsFile: must be a file of two lines: the id of the access key and its secret.");
  }
  return faults;
}

absl::StatusOr<std::unique_ptr<Store>> Open(const config::v1::Blobs& config,
                                            const std::filesystem::path& data_dir,
                                            absl::string_view service, absl::string_view name,
                                            observe::Telemetry telemetry) {
  if (config.has_s3()) {
    ASSIGN_OR_RETURN(S3Options options, OptionsOf(config.s3()));
    options.prefix = absl::StrCat(service, "/");
    options.spool = data_dir / "uploads";
    return OpenS3(std::move(options), std::move(telemetry));
  }
  return OpenFolder(config.folder().empty()
                        ? data_dir / std::string(name)
                        : std::filesystem::path(config.folder()) / std::string(service));
}

}  // namespace veche::blob
