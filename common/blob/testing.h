#pragma once

#include <filesystem>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/blob/s3.h"

namespace veche::blob {

// A server with the interface of S3 (tests/s3) that lives as long as this process, with the bucket
// "veche". Null, for a visible skip, when the npm packages of tests/s3 are not installed (./dev
// does it). Aborts when the server does not start.
class S3TestServer {
 public:
  static const S3TestServer* Get();

  // Options of a store under a prefix of its own.
  S3Options NewOptions() const;
  // The file in which the server keeps the object `name` ("<prefix><key>").
  std::filesystem::path FileOf(absl::string_view name) const;
  std::string url() const { return url_; }

 private:
  S3TestServer(std::string url, std::filesystem::path folder)
      : url_(std::move(url)), folder_(std::move(folder)) {}
  static const S3TestServer* Start();

  const std::string url_;
  const std::filesystem::path folder_;
};

// A new folder below the tests' temporary folder.
std::filesystem::path NewTestFolder();
// Makes a file 48 hours old.
void MakeOld(const std::filesystem::path& file);

}  // namespace veche::blob
