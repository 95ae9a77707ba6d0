#include "common/blob/copy.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/blob/key.h"
#include "common/crypto/sha256.h"

namespace veche::blob {
namespace {

constexpr size_t kPiece = 1 << 20;

absl::Status Verify(Store& store, absl::string_view key) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Reader> reader, store.Open(key));
  crypto::Sha256Digest digest;
  while (true) {
    ASSIGN_OR_RETURN(const std::string piece, reader->Read(kPiece));
    if (piece.empty()) break;
    digest.Add(piece);
  }
  return absl::BytesToHexString(digest.Finish()) == Sha256Of(key) ? absl::OkStatus()
                                                                  : BlobDamaged();
}

absl::StatusOr<Blob> CopyBlob(Store& from, Store& to, absl::string_view key) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Reader> reader, from.Open(key));
  ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, to.CreateCopy(key, reader->size_bytes()));
  while (true) {
    ASSIGN_OR_RETURN(const std::string piece, reader->Read(kPiece));
    if (piece.empty()) return writer->Commit();
    RETURN_IF_ERROR(writer->Append(piece));
  }
}

class Copier {
 public:
  Copier(Store& from, Store& to, const CopyOptions& options, std::vector<std::string> keys)
      : from_(from), to_(to), options_(options), keys_(std::move(keys)) {}

  CopyCounts Run() {
    std::vector<std::thread> threads;
    threads.reserve(options_.threads);
    for (int i = 0; i < options_.threads; ++i) threads.emplace_back([this] { Work(); });
    for (std::thread& thread : threads) thread.join();
    absl::MutexLock lock(&mutex_);
    counts_.finished = !away_;
    return counts_;
  }

 private:
  void Work() {
    while (!away_) {
      const size_t next = next_++;
      if (next >= keys_.size()) return;
      CopyPatiently(keys_[next]);
    }
  }

  void CopyPatiently(const std::string& key) {
    for (int attempt = 1;; ++attempt) {
      const absl::Status status = CopyOne(key);
      if (status.ok()) return;
      const bool away = absl::IsUnavailable(status);
      if (away && attempt < options_.tries && !away_) {
        absl::SleepFor(options_.pause);
        continue;
      }
      if (away) away_ = true;
      absl::MutexLock lock(&mutex_);
      ++counts_.failed;
      if (options_.on_failure) options_.on_failure(key, status);
      return;
    }
  }

  absl::Status CopyOne(const std::string& key) {
    absl::Status there = Verify(to_, key);
    if (absl::IsUnavailable(there)) return there;
    if (there.ok()) {
      absl::MutexLock lock(&mutex_);
      ++counts_.present;
      return absl::OkStatus();
    }
    const absl::StatusOr<Blob> blob = CopyBlob(from_, to_, key);
    if (absl::IsNotFound(blob.status())) return absl::OkStatus();
    RETURN_IF_ERROR(blob.status());
    absl::MutexLock lock(&mutex_);
    ++counts_.copied;
    counts_.copied_bytes += blob->size_bytes;
    return absl::OkStatus();
  }

  Store& from_;
  Store& to_;
  const CopyOptions& options_;
  const std::vector<std::string> keys_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> away_ = false;
  absl::Mutex mutex_;
  CopyCounts counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<CopyCounts> Copy(Store& from, Store& to, const CopyOptions& options) {
  std::vector<std::string> keys;
  RETURN_IF_ERROR(from.ForEachOlder(absl::InfiniteFuture(), [&](absl::string_view key) {
    keys.emplace_back(key);
    return true;
  }));
  return Copier(from, to, options, std::move(keys)).Run();
}

}  // namespace veche::blob
