// Runs a command that dies by SIGSYS as soon as it, or any child of it, asks the kernel for an
// internet socket: `no_sockets COMMAND [ARGUMENT…]`. Exit code 77 where the kernel has no filters.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>

namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned kArchitecture = 0;
#endif

constexpr sock_filter load(std::size_t at) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(at));
}
// Skips `others` instructions unless what is loaded is `value`.
constexpr sock_filter unless(unsigned value, unsigned char others) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, others);
}
constexpr sock_filter answer(unsigned verdict) { return BPF_STMT(BPF_RET | BPF_K, verdict); }

bool forbid_sockets() {
  sock_filter filter[] = {
      load(offsetof(seccomp_data, arch)),
      unless(kArchitecture, 7),  // system calls of another architecture are not known
      load(offsetof(seccomp_data, nr)),
      unless(SYS_socket, 5),
      load(offsetof(seccomp_data, args)),  // little endian: its lower half
      unless(AF_INET, 1),
      answer(SECCOMP_RET_KILL_PROCESS),
      unless(AF_INET6, 1),
      answer(SECCOMP_RET_KILL_PROCESS),
      answer(SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{.len = sizeof filter / sizeof filter[0], .filter = filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  if (kArchitecture == 0 || !forbid_sockets()) {
    std::perror("no_sockets: system calls cannot be filtered here");
    return 77;
  }
  execvp(argv[1], argv + 1);
  std::perror(argv[1]);
  return 127;
}
