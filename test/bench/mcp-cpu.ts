/** Preloaded (`--import`) into a server that is measured: tells the CPU time of its process when it is asked. */
process.on('message', (message) => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() })
})
