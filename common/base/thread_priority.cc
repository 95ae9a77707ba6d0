#include "common/base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace veche {
namespace {

// A tenth of the CPU share of a thread with nice value 0.
constexpr int kNice = 10;

}  // namespace

void RunInBackground() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice); }

}  // namespace veche
