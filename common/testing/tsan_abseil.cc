// Debian's Abseil is built without the thread sanitizer, so the sanitizer does not see that an
// absl::Mutex orders threads, and reports false races. These functions replace the library's (the
// dynamic linker takes the program's symbols first), tell the sanitizer of each acquire and
// release, and call the library's. They also cover the uses inside gRPC.

#ifdef VECHE_TSAN

#include <dlfcn.h>

#include <cstddef>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

// gRPC counts references in atomics that the sanitizer does not see either, and its threads still
// run when the program exits.
extern "C" const char* __tsan_default_suppressions() {
  return "race:grpc_core::\n"
         "thread:grpc_core::Thread\n"
         "race:grpc::internal::\n"
         "called_from_lib:libgrpc.so\n"
         "called_from_lib:libgrpc++.so\n"
         "called_from_lib:libabsl_graphcycles_internal.so\n";
}

extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);

namespace veche::testing {

int tsan_knows_abseil = 1;  // test_main.cc names it, so that the linker takes this file

namespace {

template <typename Function>
Function Real(const char* symbol) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, symbol));
}

// A condition is evaluated under its mutex, but by any thread.
struct Guarded {
  void* mutex;
  const absl::Condition& condition;

  static bool Eval(void* self) {
    auto* guarded = static_cast<Guarded*>(self);
    __tsan_acquire(guarded->mutex);
    const bool result = guarded->condition.Eval();
    __tsan_release(guarded->mutex);
    return result;
  }
};

}  // namespace

#define MUTEX(method) "_ZN4absl7debian35Mutex" method

// Acquires the mutex.
#define VECHE_LOCK(name, symbol)                            \
  void name(void* mutex) asm(symbol);                       \
  void name(void* mutex) {                                  \
    static const auto real = Real<void (*)(void*)>(symbol); \
    real(mutex);                                            \
    __tsan_acquire(mutex);                                  \
  }
VECHE_LOCK(Lock, MUTEX("4LockEv"))
VECHE_LOCK(ReaderLock, MUTEX("10ReaderLockEv"))

#define VECHE_TRY_LOCK(name, symbol)                        \
  bool name(void* mutex) asm(symbol);                       \
  bool name(void* mutex) {                                  \
    static const auto real = Real<bool (*)(void*)>(symbol); \
    const bool taken = real(mutex);                         \
    if (taken) __tsan_acquire(mutex);                       \
    return taken;                                           \
  }
VECHE_TRY_LOCK(TryLock, MUTEX("7TryLockEv"))
VECHE_TRY_LOCK(ReaderTryLock, MUTEX("13ReaderTryLockEv"))

// Releases the mutex.
#define VECHE_UNLOCK(name, symbol)                          \
  void name(void* mutex) asm(symbol);                       \
  void name(void* mutex) {                                  \
    static const auto real = Real<void (*)(void*)>(symbol); \
    __tsan_release(mutex);                                  \
    real(mutex);                                            \
  }
VECHE_UNLOCK(Unlock, MUTEX("6UnlockEv"))
VECHE_UNLOCK(ReaderUnlock, MUTEX("12ReaderUnlockEv"))

// Waits for a condition: the mutex is released and acquired again (LockWhen: only acquired).
#define VECHE_AWAIT(name, symbol)                                                   \
  void name(void* mutex, const absl::Condition& condition) asm(symbol);             \
  void name(void* mutex, const absl::Condition& condition) {                        \
    static const auto real = Real<void (*)(void*, const absl::Condition&)>(symbol); \
    Guarded guarded{mutex, condition};                                              \
    __tsan_release(mutex);                                                          \
    real(mutex, absl::Condition(&Guarded::Eval, static_cast<void*>(&guarded)));     \
    __tsan_acquire(mutex);                                                          \
  }
VECHE_AWAIT(Await, MUTEX("5AwaitERKNS0_9ConditionE"))
VECHE_AWAIT(LockWhen, MUTEX("8LockWhenERKNS0_9ConditionE"))

#define VECHE_AWAIT_UNTIL(name, symbol, Limit)                                             \
  bool name(void* mutex, const absl::Condition& condition, Limit limit) asm(symbol);       \
  bool name(void* mutex, const absl::Condition& condition, Limit limit) {                  \
    static const auto real = Real<bool (*)(void*, const absl::Condition&, Limit)>(symbol); \
    Guarded guarded{mutex, condition};                                                     \
    __tsan_release(mutex);                                                                 \
    const bool result =                                                                    \
        real(mutex, absl::Condition(&Guarded::Eval, static_cast<void*>(&guarded)), limit); \
    __tsan_acquire(mutex);                                                                 \
    return result;                                                                         \
  }
VECHE_AWAIT_UNTIL(AwaitWithTimeout, MUTEX("16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE"),
                  absl::Duration)
VECHE_AWAIT_UNTIL(AwaitWithDeadline, MUTEX("17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE"),
                  absl::Time)

// Condition variables, which gRPC uses.
void CondVarWait(void* variable, void* mutex) asm("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
void CondVarWait(void* variable, void* mutex) {
  static const auto real =
      Real<void (*)(void*, void*)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  real(variable, mutex);
  __tsan_acquire(mutex);
}
#define VECHE_CONDVAR_WAIT(name, symbol, Limit)                           \
  bool name(void* variable, void* mutex, Limit limit) asm(symbol);        \
  bool name(void* variable, void* mutex, Limit limit) {                   \
    static const auto real = Real<bool (*)(void*, void*, Limit)>(symbol); \
    __tsan_release(mutex);                                                \
    const bool result = real(variable, mutex, limit);                     \
    __tsan_acquire(mutex);                                                \
    return result;                                                        \
  }
VECHE_CONDVAR_WAIT(CondVarWaitWithTimeout,
                   "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE",
                   absl::Duration)
VECHE_CONDVAR_WAIT(CondVarWaitWithDeadline,
                   "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE", absl::Time)

// Notifications: the waiting thread sees all that happened before Notify.
#define NOTIFICATION(method) "_ZN4absl7debian312Notification" method
VECHE_UNLOCK(Notify, NOTIFICATION("6NotifyEv"))
VECHE_LOCK(WaitForNotification, "_ZNK4absl7debian312Notification19WaitForNotificationEv")

bool WaitWithTimeout(void* notification, absl::Duration limit) asm(
    "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
bool WaitWithTimeout(void* notification, absl::Duration limit) {
  static const auto real = Real<bool (*)(void*, absl::Duration)>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool notified = real(notification, limit);
  if (notified) __tsan_acquire(notification);
  return notified;
}

}  // namespace veche::testing

#endif  // VECHE_TSAN
