// Package withc calls C, and C calls back from a thread of its own.
package withc

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>
#include <stdlib.h>

extern void withcCalled(void);

static void *thread(void *arg)
{
	withcCalled();
	return arg;
}

static void call_from_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, thread, NULL) == 0)
		pthread_join(t, NULL);
}

static int add(int a, int b)
{
	return a + b;
}
*/
import "C"

import "example.com/withc/use"

var called int

//export withcCalled
func withcCalled() {
	called++
	use.Spend(1 << 20)
}

// Add adds in C.
func Add(a, b int) int { return int(C.add(C.int(a), C.int(b))) }

// CallBack has a thread of C's call Go.
func CallBack() int {
	C.call_from_thread()
	return called
}
