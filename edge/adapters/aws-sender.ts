export * from '../../shared/aws/sender.ts'
